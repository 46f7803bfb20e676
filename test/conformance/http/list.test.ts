import { describe, expect, it } from 'vitest';
import { MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const namesOf = ({ json }: { json: { items: { metadata: { name: string } }[] } }): string[] =>
  json.items.map(({ metadata }) => metadata.name);

async function withModules(...names: readonly string[]): Promise<WireApi> {
  const wire = await wireApi();
  for (const name of names) await wire.create(name, {}, { labels: { app: name, odd: 'yes' } });
  return wire;
}

describe('a list', () => {
  it('is in the order of names, with types and the version of the store', async () => {
    const { send } = await withModules('zoo', 'ant', 'moo');
    const { json } = await send('GET', `${MODULES}?limit=500`);
    expect(json).toMatchObject({
      ...{ kind: 'ModuleList', apiVersion: 'registrar.synapsis.network/v1' },
      items: ['ant', 'moo', 'zoo'].map((name) => ({
        ...{ kind: 'Module', apiVersion: 'registrar.synapsis.network/v1', metadata: { name } },
      })),
    });
    expect(json.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
  });

  it.each([
    ['resourceVersion=0', 200],
    ['resourceVersion=1', 200],
    ['resourceVersion=1&resourceVersionMatch=NotOlderThan', 200],
    ['resourceVersion=1&resourceVersionMatch=Exact', 410],
    ['resourceVersion=-1', 400],
    ['resourceVersion=x', 400],
    ['continue=nonsense', 400],
  ])('with %s is %d', async (query, code) => {
    const { send } = await withModules('one', 'two');
    const answer = await send('GET', `${MODULES}?${query}`);
    expect(answer.code, answer.text).toBe(code);
  });

  it('from the future is 504 without Retry-After, so that informers list at once', async () => {
    const { send } = await wireApi();
    const { headers, json } = await send('GET', `${MODULES}?limit=500&resourceVersion=99`);
    expect(json).toMatchObject({
      ...{ code: 504, reason: 'Timeout' },
      message: expect.stringMatching(/^Too large resource version: 99, current: \d+$/),
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
    expect(headers).not.toHaveProperty('retry-after');
  });

  it('comes in pages of one version', async () => {
    const { create, send } = await withModules('a-1', 'a-2', 'a-3');
    const first = await send('GET', `${MODULES}?limit=2`);
    expect(namesOf(first)).toEqual(['a-1', 'a-2']);
    expect(first.json.metadata).toMatchObject({ remainingItemCount: 1 });
    await create('a-0');
    const token = encodeURIComponent(first.json.metadata.continue);
    const second = await send('GET', `${MODULES}?limit=2&continue=${token}`);
    expect(namesOf(second)).toEqual(['a-3']);
    expect(second.json.metadata).not.toHaveProperty('continue');
    expect(second.json.metadata.resourceVersion).toBe(first.json.metadata.resourceVersion);
  });

  it.each([
    ['labelSelector=app%3Done', ['one']],
    ['labelSelector=app%3D%3Done', ['one']],
    ['labelSelector=app!%3Done', ['two']],
    ['labelSelector=app+in+(one,two),!nope', ['one', 'two']],
    ['labelSelector=app+notin+(one),odd', ['two']],
    ['fieldSelector=metadata.name%3Done', ['one']],
    ['fieldSelector=metadata.name!%3Done', ['two']],
    ['fieldSelector=status.phase%3DPending', ['one', 'two']],
    ['fieldSelector=metadata.name%3Done,metadata.namespace%3D', ['one']],
  ])('with %s holds %o', async (query, names) => {
    const { send } = await withModules('one', 'two');
    expect(namesOf(await send('GET', `${MODULES}?${query}&limit=500`))).toEqual(names);
  });
});
