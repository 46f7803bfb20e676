import { describe, expect, it } from 'vitest';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

const patch = (api: TestApi, path: string, body: unknown): Promise<Answer> =>
  api.call('PATCH', `${MODULES}/${path}`, { body, headers: { 'content-type': MERGE_PATCH } });

async function openWithDemo(): Promise<TestApi> {
  const api = await openTestApi();
  await api.call('POST', MODULES, { body: aModule('demo', { replicas: 2 }) });
  return api;
}

const read = async (api: TestApi): Promise<Answer['body']> =>
  (await api.call('GET', `${MODULES}/demo`)).body;

describe('the status of a module', () => {
  it('reads as the module', async () => {
    const api = await openWithDemo();
    expect((await api.call('GET', `${MODULES}/demo/status`)).body).toEqual(await read(api));
  });

  it('is all that a write to it changes', async () => {
    const api = await openWithDemo();
    const body = { status: { phase: 'Running', replicas: 2 }, spec: { replicas: 99 } };
    const answer = await patch(api, 'demo/status', body);
    expect(answer.body).toMatchObject({
      metadata: { generation: 1 },
      spec: { replicas: 2 },
      status: { phase: 'Running', replicas: 2 },
    });
    expect(await read(api)).toEqual(answer.body);
  });

  it('can be replaced', async () => {
    const api = await openWithDemo();
    const current = await read(api);
    const status = { ...current.status, phase: 'Failed' };
    const body = { ...current, status, spec: {} };
    const answer = await api.call('PUT', `${MODULES}/demo/status`, { body });
    expect(answer.body).toMatchObject({ status, spec: { replicas: 2 } });
    expect((await api.call('PUT', `${MODULES}/demo/status`, { body })).code).toBe(409);
  });

  it.each([
    ['a phase that does not exist', { phase: 'Odd' }, 'status.phase', 'FieldValueNotSupported'],
    ['an unknown field', { mood: 'good' }, 'status.mood', 'FieldValueForbidden'],
    ['a wrong type', { replicas: 'two' }, 'status.replicas', 'FieldValueTypeInvalid'],
  ])('refuses %s', async (_what, status, field, reason) => {
    const api = await openWithDemo();
    const before = await read(api);
    const { code, body } = await patch(api, 'demo/status', { status });
    expect(code).toBe(422);
    expect(body.details.causes).toEqual([expect.objectContaining({ field, reason })]);
    expect(await read(api)).toEqual(before);
  });

  it('must be in what is written', async () => {
    const api = await openWithDemo();
    const { code, body } = await patch(api, 'demo/status', { status: null });
    expect(code).toBe(422);
    expect(body.details.causes[0]).toMatchObject({ field: 'status', reason: 'FieldValueRequired' });
  });
});

describe('the scale of a module', () => {
  it('reads as an autoscaling/v1 Scale', async () => {
    const api = await openWithDemo();
    await patch(api, 'demo/status', { status: { replicas: 1 } });
    const { uid, resourceVersion, creationTimestamp } = (await read(api)).metadata;
    expect((await api.call('GET', `${MODULES}/demo/scale`)).body).toEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'demo', uid, resourceVersion, creationTimestamp },
      spec: { replicas: 2 },
      status: { replicas: 1, selector: 'registrar.synapsis.network/module=demo' },
    });
  });

  it('changes the replicas of the spec', async () => {
    const api = await openWithDemo();
    const { code, body } = await patch(api, 'demo/scale', { spec: { replicas: 6 } });
    expect([code, body.kind, body.spec]).toEqual([200, 'Scale', { replicas: 6 }]);
    expect(await read(api)).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 6 } });
  });

  it('takes a PUT without content type, as kubectl sends it', async () => {
    const api = await openWithDemo();
    const { body: scale } = await api.call('GET', `${MODULES}/demo/scale`);
    const body = JSON.stringify({ ...scale, spec: { replicas: 0 } });
    const url = `${MODULES}/demo/scale`;
    expect((await api.call('PUT', url, { body: Buffer.from(body) })).code).toBe(200);
    expect((await read(api)).spec.replicas).toBe(0);
    expect((await api.call('PUT', url, { body: Buffer.from(body) })).code).toBe(409);
  });

  it('is 0 when a written Scale leaves it out, and obeys the schema', async () => {
    const api = await openWithDemo();
    const { code, body } = await patch(api, 'demo/scale', { spec: { replicas: -1 } });
    expect([code, body.details.causes[0].field]).toEqual([422, 'spec.replicas']);
    expect((await patch(api, 'demo/scale', { spec: { replicas: 'x' } })).code).toBe(422);
    expect((await patch(api, 'demo/scale', { spec: null })).code).toBe(400);
    await patch(api, 'demo/scale', { spec: { replicas: null } });
    expect((await read(api)).spec.replicas).toBe(0);
  });

  it('is stored by no dry run, and is not there without its module', async () => {
    const api = await openWithDemo();
    const dry = await patch(api, 'demo/scale?dryRun=All', { spec: { replicas: 9 } });
    expect(dry.body.spec.replicas).toBe(9);
    expect((await read(api)).spec.replicas).toBe(2);
    expect((await api.call('GET', `${MODULES}/nope/scale`)).code).toBe(404);
    expect((await patch(api, 'nope/scale', { spec: { replicas: 9 } })).code).toBe(404);
  });
});
