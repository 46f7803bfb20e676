import { describe, expect, it } from 'vitest';
import { MAX_OPERATIONS } from '../../../src/lib/json-patch.js';
import { CONTAINERS_FINALIZER } from '../../../src/model/names.js';
import { aModule, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

const DEMO = `${MODULES}/demo`;
const headers = { 'content-type': 'application/json-patch+json' };

const patch = (api: TestApi, body: unknown, path = ''): Promise<Answer> =>
  api.call('PATCH', DEMO + path, { body, headers });

async function openWithDemo(metadata: object = {}): Promise<TestApi & { created: Answer['body'] }> {
  const api = await openTestApi();
  const body = aModule('demo', { replicas: 2, args: ['a', 'b'] }, metadata);
  return { ...api, created: (await api.call('POST', MODULES, { body })).body };
}

describe('a JSON patch of a module', () => {
  it('is carried out as a whole', async () => {
    const api = await openWithDemo();
    const { code, body } = await patch(api, [
      { op: 'test', path: '/spec/replicas', value: 2 },
      { op: 'replace', path: '/spec/replicas', value: 5 },
      { op: 'add', path: '/spec/args/-', value: 'c' },
      { op: 'add', path: '/metadata/labels', value: { app: 'x' } },
    ]);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      metadata: { generation: 2, labels: { app: 'x' } },
      spec: { replicas: 5, args: ['a', 'b', 'c'] },
    });
  });

  it('is refused without details when a test fails, and then nothing of it happens', async () => {
    const api = await openWithDemo();
    const { code, body } = await patch(api, [
      { op: 'replace', path: '/spec/replicas', value: 5 },
      { op: 'test', path: '/spec/type', value: 'validator' },
    ]);
    expect([code, body.reason, body.details]).toEqual([422, 'Invalid', {}]);
    expect(body.message).toBe(
      'the server rejected our request due to an error in our request: operation 2 (test /spec/type) does not hold',
    );
    expect((await api.call('GET', DEMO)).body).toEqual(api.created);
  });

  it.each([
    ['no list', {}, 400],
    ['something else in the list', [7], 400],
    ['not JSON', '[{', 400],
    ['an unsafe key', '[{"op":"add","path":"/spec","value":{"__proto__":{}}}]', 400],
    ['an unsafe path', [{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
    ['an index such as 01', [{ op: 'remove', path: '/spec/args/01' }], 422],
    ['an index out of range', [{ op: 'add', path: '/spec/args/7', value: 'x' }], 422],
    ['the whole object', [{ op: 'replace', path: '', value: 1 }], 400],
    ['another name', [{ op: 'replace', path: '/metadata/name', value: 'other' }], 400],
    ['another kind', [{ op: 'replace', path: '/kind', value: 'Pod' }], 400],
    ['what is not valid', [{ op: 'replace', path: '/spec/replicas', value: -1 }], 422],
    ['too many', Array.from({ length: MAX_OPERATIONS + 1 }, () => ({ op: 'test', path: '' })), 413],
  ])('is refused with %s', async (_what, body, code) => {
    const api = await openWithDemo();
    expect((await patch(api, body)).code).toBe(code);
    expect((await api.call('GET', DEMO)).body).toEqual(api.created);
  });

  it('has the resourceVersion and the uid that it writes as preconditions', async () => {
    const api = await openWithDemo();
    const { resourceVersion, uid } = api.created.metadata;
    const set = (field: string, value: unknown) => [
      { op: 'replace', path: `/metadata/${field}`, value },
    ];
    expect((await patch(api, set('resourceVersion', '99'))).code).toBe(409);
    expect((await patch(api, set('uid', 'other'))).code).toBe(409);
    expect((await patch(api, set('resourceVersion', resourceVersion))).code).toBe(200);
    expect((await patch(api, set('uid', uid))).code).toBe(200);
    expect((await patch(api, [{ op: 'remove', path: '/metadata/resourceVersion' }])).code).toBe(
      200,
    );
  });

  it('stores nothing when nothing changes, nor in a dry run', async () => {
    const api = await openWithDemo();
    expect((await patch(api, [])).body).toEqual(api.created);
    const dry = await patch(
      api,
      [{ op: 'replace', path: '/spec/replicas', value: 7 }],
      '?dryRun=All',
    );
    expect(dry.body.spec.replicas).toBe(7);
    expect((await api.call('GET', DEMO)).body).toEqual(api.created);
  });

  it('takes all finalizers away from a module that is deleted', async () => {
    const api = await openWithDemo({ finalizers: ['example.com/hold'] });
    await api.call('DELETE', DEMO);
    const kept = [{ op: 'replace', path: '/metadata/finalizers', value: [CONTAINERS_FINALIZER] }];
    expect((await patch(api, kept)).body.metadata.finalizers).toEqual([CONTAINERS_FINALIZER]);
    expect((await patch(api, [{ op: 'remove', path: '/metadata/finalizers' }])).code).toBe(200);
    expect((await api.call('GET', DEMO)).code).toBe(404);
  });

  it('works on the status and the scale', async () => {
    const api = await openWithDemo();
    const status = await patch(
      api,
      [{ op: 'replace', path: '/status/phase', value: 'Running' }],
      '/status',
    );
    expect(status.body).toMatchObject({ spec: { replicas: 2 }, status: { phase: 'Running' } });
    const scale = await patch(api, [{ op: 'replace', path: '/spec/replicas', value: 4 }], '/scale');
    expect(scale.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
  });

  it('cannot be forced', async () => {
    const api = await openWithDemo();
    const { code, body } = await patch(api, [], '?force=true');
    expect([code, body.details.causes[0].field]).toEqual([422, 'force']);
  });
});
