import { describe, expect, it } from 'vitest';
import { MERGE_PATCH, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const DEMO = `${MODULES}/demo`;
const SCALE = `${DEMO}/scale`;

async function withDemo(): Promise<WireApi> {
  const wire = await wireApi();
  await wire.create('demo', { replicas: 2 });
  return wire;
}

describe('the status', () => {
  it('is all that a write to it changes', async () => {
    const { send } = await withDemo();
    const { code, json } = await send('PATCH', `${DEMO}/status?fieldManager=kubectl-patch`, {
      headers: MERGE_PATCH,
      body: { status: { phase: 'Failed' }, spec: { replicas: 99 } },
    });
    expect(code).toBe(200);
    expect(json).toMatchObject({
      ...{ status: { phase: 'Failed' }, spec: { replicas: 2 }, metadata: { generation: 1 } },
    });
  });

  it('can be read by itself', async () => {
    const { send } = await withDemo();
    expect((await send('GET', `${DEMO}/status`)).text).toBe((await send('GET', DEMO)).text);
  });
});

describe('the scale', () => {
  it('is an object of its own', async () => {
    const { send } = await withDemo();
    const module = (await send('GET', DEMO)).json;
    expect((await send('GET', SCALE)).json).toEqual({
      ...{ kind: 'Scale', apiVersion: 'autoscaling/v1' },
      metadata: {
        ...{ name: 'demo', uid: module.metadata.uid },
        ...{ resourceVersion: module.metadata.resourceVersion },
        creationTimestamp: module.metadata.creationTimestamp,
      },
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'registrar.synapsis.network/module=demo' },
    });
  });

  it('as kubectl scale changes it', async () => {
    const { send } = await withDemo();
    const { code, json } = await send('PATCH', `${SCALE}?fieldManager=kubectl`, {
      ...{ headers: MERGE_PATCH, body: { spec: { replicas: 6 } } },
    });
    expect({ code, kind: json.kind, spec: json.spec }).toEqual({
      ...{ code: 200, kind: 'Scale', spec: { replicas: 6 } },
    });
    expect((await send('GET', DEMO)).json).toMatchObject({
      ...{ spec: { replicas: 6 }, metadata: { generation: 2 } },
    });
  });

  it('as kubectl scale --current-replicas replaces it, without a Content-Type', async () => {
    const { send } = await withDemo();
    const { json: scale } = await send('GET', SCALE);
    const put = () => send('PUT', SCALE, { body: { ...scale, spec: { replicas: 1 } } });
    expect((await put()).json.spec).toEqual({ replicas: 1 });
    expect((await put()).json).toMatchObject({ code: 409, reason: 'Conflict' });
  });

  it.each([
    ['-1', 422],
    ['"two"', 422],
    ['1.5', 422],
  ])('to %s is %d', async (replicas, code) => {
    const { send } = await withDemo();
    const body = `{"spec":{"replicas":${replicas}}}`;
    const { json } = await send('PATCH', SCALE, { headers: MERGE_PATCH, body });
    expect(json.code).toBe(code);
  });

  it('does not exist for kinds that have none', async () => {
    const { send } = await withDemo();
    const { json } = await send('GET', '/api/v1/namespaces/default/scale');
    expect(json).toMatchObject({ code: 404, reason: 'NotFound' });
  });
});
