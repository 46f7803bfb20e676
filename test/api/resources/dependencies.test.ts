import { beforeEach, describe, expect, it } from 'vitest';
import type { ModuleSpec } from '../../../src/model/module.js';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

let api: TestApi;

const create = async (name: string, ...needs: string[]): Promise<Answer> => {
  const dependsOn: ModuleSpec['dependsOn'] = needs.map((one) => ({ name: one }));
  return api.call('POST', MODULES, { body: aModule(name, { dependsOn }) });
};
const remove = (name: string, body: object = {}, query = ''): Promise<Answer> =>
  api.call('DELETE', `${MODULES}/${name}${query}`, { body });
/** Names of the modules that are being deleted. */
const going = (): string[] =>
  api.registry
    .list('Module')
    .items.flatMap(({ object: { metadata } }) =>
      metadata.deletionTimestamp ? [metadata.name] : [],
    );

/** `app` and `web` need `api`, which needs `base`. */
beforeEach(async () => {
  api = await openTestApi();
  await create('app', 'api');
  await create('web', 'api');
  await create('api', 'base');
  await create('base');
});

describe('a module that others need', () => {
  it('is not deleted, whatever kubectl sends by itself', async () => {
    for (const body of [{}, { propagationPolicy: 'Background' }]) {
      const { code, body: status } = await remove('api', body);
      expect([code, status.reason]).toEqual([409, 'Conflict']);
      expect(status.message).toBe(
        'Module "api" is needed by "app", "web": delete what needs it first, or all of it with --cascade',
      );
    }
    expect(going()).toEqual([]);
  });

  it('goes with all that needs it when asked to, said in the body or the query', async () => {
    const { code } = await remove('base', { propagationPolicy: 'Foreground' }, '?dryRun=All');
    expect([code, going()]).toEqual([200, []]);
    expect((await remove('base', {}, '?propagationPolicy=Foreground')).code).toBe(200);
    expect(going()).toEqual(['api', 'app', 'base', 'web']);
    const records = await api.registry.audit.list({ limit: 20 });
    const deletions = records.filter(({ verb }) => verb === 'delete').map(({ name }) => name);
    expect(deletions.toSorted()).toEqual(['api', 'app', 'base', 'web']);
  });

  it('goes alone when what needs it is to be left', async () => {
    expect((await remove('base', { propagationPolicy: 'Orphan' })).code).toBe(200);
    expect(going()).toEqual(['base']);
  });

  it('can go once what needs it goes', async () => {
    for (const name of ['web', 'app', 'api', 'base']) expect((await remove(name)).code).toBe(200);
    expect(going()).toEqual(['api', 'app', 'base', 'web']);
  });

  it('is refused for another propagation than there is', async () => {
    const { code, body } = await remove('base', { propagationPolicy: 'Everything' });
    expect([code, body.message]).toEqual([
      422,
      'propagationPolicy: Unsupported value: "Everything": supported values: "Background", "Foreground", "Orphan"',
    ]);
  });

  it('stays with all that needs it when one of those belongs to a file', async () => {
    await api.registry.update('Module', 'web', (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { 'registrar.synapsis.network/config-file': 'web.yaml' },
      },
    }));
    const { code, body } = await remove('base', { propagationPolicy: 'Foreground' });
    expect([code, body.message]).toEqual([409, expect.stringContaining('"web.yaml"')]);
    expect(going()).toEqual([]);
  });
});

describe('a collection', () => {
  it('goes in one request, in whatever order the names are', async () => {
    expect((await api.call('DELETE', MODULES)).code).toBe(200);
    expect(going()).toEqual(['api', 'app', 'base', 'web']);
  });

  it('leaves those that something outside of it needs', async () => {
    const { code, body } = await api.call('DELETE', `${MODULES}?fieldSelector=metadata.name!=app`);
    expect([code, body.message]).toEqual([409, expect.stringContaining('2 of 3 objects')]);
    expect(going()).toEqual(['web']);
  });
});

describe('a cycle', () => {
  const CYCLE = 'modules cannot wait for each other in a circle: base -> app -> api -> base';

  it.each([
    ['a merge patch', 'PATCH', { spec: { dependsOn: [{ name: 'app' }] } }],
    ['a replacement', 'PUT', undefined],
  ] as const)('is refused in %s', async (_what, method, patch) => {
    const path = `${MODULES}/base`;
    const { body: live } = await api.call('GET', path);
    const body = patch ?? { ...live, spec: { ...live.spec, dependsOn: [{ name: 'app' }] } };
    const headers = { 'content-type': patch ? MERGE_PATCH : 'application/json' };
    const answer = await api.call(method, path, { body, headers });
    expect([answer.code, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.details.causes).toEqual([
      {
        field: 'spec.dependsOn',
        message: `Invalid value: ${CYCLE}`,
        reason: 'FieldValueInvalid',
      },
    ]);
    expect((await api.call('GET', path)).body.spec.dependsOn).toEqual([]);
  });

  it('of two that are made at the same moment lets one of them in', async () => {
    const codes = (await Promise.all([create('one', 'two'), create('two', 'one')])).map(
      ({ code }) => code,
    );
    expect(codes.toSorted((a, b) => a - b)).toEqual([201, 422]);
  });
});
