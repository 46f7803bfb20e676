import { describe, expect, it } from 'vitest';
import { draftOf } from '../../../src/model/draft.js';
import { CONTAINERS_FINALIZER } from '../../../src/model/names.js';
import { aManifest } from '../../helpers/builders.js';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

const DEMO = `${MODULES}/demo`;

async function openWithDemo(metadata: object = {}): Promise<TestApi & { uid: string }> {
  const api = await openTestApi();
  const { body } = await api.call('POST', MODULES, { body: aModule('demo', {}, metadata) });
  return { ...api, uid: body.metadata.uid as string };
}

const finalize = (api: TestApi, finalizers: string[] | null): Promise<Answer> =>
  api.call('PATCH', DEMO, {
    body: { metadata: { finalizers } },
    headers: { 'content-type': MERGE_PATCH },
  });

describe('DELETE of a module', () => {
  it('waits for the finalizer, and then the module is gone', async () => {
    const api = await openWithDemo();
    const { code, body } = await api.call('DELETE', DEMO);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      kind: 'Module',
      metadata: {
        finalizers: [CONTAINERS_FINALIZER],
        deletionTimestamp: expect.stringMatching(/Z$/),
        deletionGracePeriodSeconds: 0,
        generation: 2,
      },
    });
    expect((await api.call('DELETE', DEMO)).body).toEqual(body);
    expect((await finalize(api, [])).code).toBe(200);
    expect((await api.call('GET', DEMO)).code).toBe(404);
  });

  it('gives in to a client that takes all finalizers away with null', async () => {
    const api = await openWithDemo();
    await api.call('DELETE', DEMO);
    await finalize(api, null);
    expect((await api.call('GET', DEMO)).code).toBe(404);
  });

  it('answers with a Status that has the uid when nothing holds the module', async () => {
    const api = await openWithDemo();
    await api.registry.update('Module', 'demo', (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: [] },
    }));
    expect((await api.call('DELETE', DEMO)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: 'demo',
        group: 'registrar.synapsis.network',
        kind: 'modules',
        uid: api.uid,
      },
    });
  });

  it('keeps the finalizer for containers when a PUT of a deleted module has no list', async () => {
    const api = await openWithDemo({ finalizers: ['example.com/hold'] });
    const { body: deleted } = await api.call('DELETE', DEMO);
    const { finalizers: _finalizers, ...metadata } = deleted.metadata;
    const { body } = await api.call('PUT', DEMO, { body: { ...deleted, metadata } });
    expect(body.metadata.finalizers).toEqual([CONTAINERS_FINALIZER]);
  });

  it('takes no new finalizer once it is deleted', async () => {
    const api = await openWithDemo();
    await api.call('DELETE', DEMO);
    const { code, body } = await finalize(api, [CONTAINERS_FINALIZER, 'a.b/c']);
    expect(code).toBe(422);
    expect(body.details.causes[0].message).toContain('no new finalizers can be added');
  });

  it.each([
    ['uid', { uid: 'x' }],
    ['resourceVersion', { resourceVersion: '1234' }],
  ])('refuses when the %s in its preconditions is another', async (_field, preconditions) => {
    const api = await openWithDemo();
    const { code, body } = await api.call('DELETE', DEMO, { body: { preconditions } });
    expect([code, body.reason]).toEqual([409, 'Conflict']);
    expect((await api.call('GET', DEMO)).body.metadata).not.toHaveProperty('deletionTimestamp');
  });

  it('deletes nothing in a dry run, asked for in the body or the query', async () => {
    const api = await openWithDemo();
    expect((await api.call('DELETE', DEMO, { body: { dryRun: ['All'] } })).code).toBe(200);
    expect((await api.call('DELETE', `${DEMO}?dryRun=All`)).code).toBe(200);
    expect((await api.call('GET', DEMO)).body.metadata).not.toHaveProperty('deletionTimestamp');
  });

  it.each([
    ['["All"]', 400],
    ['{"dryRun":["Some"]}', 422],
    ['{"preconditions":{"uid":7}}', 400],
  ])('refuses the options %s', async (body, code) => {
    const api = await openWithDemo();
    expect((await api.call('DELETE', DEMO, { body })).code).toBe(code);
  });

  it('takes an empty body with a JSON content type', async () => {
    const api = await openWithDemo();
    const headers = { 'content-type': 'application/json' };
    expect((await api.call('DELETE', `${MODULES}/nope`, { headers })).code).toBe(404);
    expect((await api.call('DELETE', DEMO, { headers })).code).toBe(200);
  });
});

describe('DELETE of modules', () => {
  async function openWithThree(): Promise<TestApi> {
    const api = await openTestApi();
    for (const [name, tier] of [
      ['one', 'a'],
      ['two', 'b'],
      ['three', 'a'],
    ] as const) {
      await api.call('POST', MODULES, { body: aModule(name, {}, { labels: { tier } }) });
    }
    return api;
  }

  const namesIn = ({ body }: Answer): string[] =>
    (body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);

  const deleted = async (api: TestApi): Promise<string[]> =>
    ((await api.call('GET', MODULES)).body.items as { metadata: Record<string, string> }[])
      .filter(({ metadata }) => metadata['deletionTimestamp'] !== undefined)
      .map(({ metadata }) => metadata['name'] ?? '');

  it('hits what is selected, and answers with it', async () => {
    const api = await openWithThree();
    const answer = await api.call('DELETE', `${MODULES}?labelSelector=tier%3Da`);
    expect(answer).toMatchObject({ code: 200, body: { kind: 'ModuleList' } });
    expect(answer.body.items[0].metadata).toHaveProperty('deletionTimestamp');
    expect(namesIn(answer)).toEqual(['one', 'three']);
    expect(await deleted(api)).toEqual(['one', 'three']);
    const one = await api.call('DELETE', `${MODULES}?fieldSelector=metadata.name%3Dtwo`);
    expect(namesIn(one)).toEqual(['two']);
    expect((await api.call('DELETE', `${MODULES}?labelSelector=((`)).code).toBe(400);
  });

  it('deletes nothing in a dry run', async () => {
    const api = await openWithThree();
    const answer = await api.call('DELETE', MODULES, { body: { dryRun: ['All'] } });
    expect(namesIn(answer)).toEqual(['one', 'three', 'two']);
    expect(await deleted(api)).toEqual([]);
  });

  it('leaves those that files declare, and says so', async () => {
    const api = await openWithThree();
    await api.registry.create('Module', draftOf(aManifest('owned'), { configFile: 'a.yaml' }));
    const { code, body } = await api.call('DELETE', MODULES);
    expect([code, body.reason]).toEqual([409, 'Conflict']);
    expect(body.message).toBe(
      '1 of 4 objects cannot be deleted: Module "owned" is declared in file "a.yaml" of the config directory: remove it there',
    );
    expect(await deleted(api)).toEqual(['one', 'three', 'two']);
  });
});
