import { describe, expect, it } from 'vitest';
import { RegistrarError } from '../../src/model/errors.js';
import type { ObjectKey } from '../../src/model/kinds.js';
import type { ConfigStatus, HeldPrune } from '../../src/triggers/config/status.js';
import { openTestApi } from './test-api.js';
import type { Answer } from './test-api.js';

const OBJECTS: ObjectKey[] = [
  { kind: 'Policy', name: 'a' },
  { kind: 'Module', name: 'b' },
];
const HELD: HeldPrune = { reason: 'DirectoryEmpty', message: 'Empty', objects: OBJECTS };

const aConfig = (overrides: Partial<ConfigStatus> = {}): ConfigStatus => ({
  directory: '/etc/registrar',
  problems: () => [],
  held: () => undefined,
  notice: () => undefined,
  policyProblem: () => undefined,
  confirmPrune: () => Promise.reject(new RegistrarError('CONFLICT', 'Nothing is held')),
  ...overrides,
});

describe('configz', () => {
  it('says what the config directory says of itself', async () => {
    const problems = [{ file: 'a.yaml', errors: ['a.yaml:1:1: spec: expected object'] }];
    const config = aConfig({
      ...{ problems: () => problems, held: () => HELD, policyProblem: () => 'Unknown' },
    });
    const api = await openTestApi({ config });
    expect((await api.call('GET', '/configz')).body).toEqual({
      kind: 'ConfigStatus',
      apiVersion: 'registrar.synapsis.network/v1',
      directory: '/etc/registrar',
      problems,
      held: HELD,
      policyProblem: 'Unknown',
    });
  });

  it('has no directory when none is watched', async () => {
    const api = await openTestApi();
    const { code, body } = await api.call('GET', '/configz');
    expect([code, body.problems]).toEqual([200, []]);
    expect(body).not.toHaveProperty('directory');
    expect((await api.call('POST', '/configz/confirm-prune')).code).toBe(409);
  });

  it('confirms a prune that is held', async () => {
    let held: HeldPrune | undefined = HELD;
    const config = aConfig({
      held: () => held,
      confirmPrune: async () => {
        held = undefined;
        return HELD.objects;
      },
    });
    const api = await openTestApi({ config });
    const { code, body } = await api.call('POST', '/configz/confirm-prune');
    expect([code, body.deleted]).toEqual([200, OBJECTS]);
    expect(body).not.toHaveProperty('held');
  });

  it('confirms only what the client names', async () => {
    const confirmed: (readonly ObjectKey[] | undefined)[] = [];
    const config = aConfig({
      confirmPrune: async (objects) => {
        confirmed.push(objects);
        return objects ?? [];
      },
    });
    const api = await openTestApi({ config });
    const confirm = (body?: unknown): Promise<Answer> =>
      api.call('POST', '/configz/confirm-prune', { body });
    expect((await confirm({ objects: OBJECTS.slice(1) })).body.deleted).toEqual(OBJECTS.slice(1));
    expect((await confirm({})).code).toBe(200);
    expect(confirmed).toEqual([OBJECTS.slice(1), undefined]);
    const pod = { kind: 'Pod', name: 'a' };
    for (const body of [{ objects: 'a' }, { objects: [1] }, { objects: [pod] }, []]) {
      expect((await confirm(body)).code).toBe(400);
    }
    expect(confirmed).toHaveLength(2);
  });

  it('refuses to confirm when nothing is held', async () => {
    const api = await openTestApi({ config: aConfig() });
    const { code, body } = await api.call('POST', '/configz/confirm-prune');
    expect([code, body.reason, body.message]).toEqual([409, 'Conflict', 'Nothing is held']);
  });
});
