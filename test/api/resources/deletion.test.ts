import { describe, expect, it } from 'vitest';
import { CONTAINERS_FINALIZER } from '../../../src/model/names.js';
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
