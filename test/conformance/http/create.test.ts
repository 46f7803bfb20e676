import { describe, expect, it } from 'vitest';
import { aModule } from '../../api/test-api.js';
import { JSON_BODY, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const DEMO = `${MODULES}/demo`;

async function withDemo(): Promise<WireApi> {
  const wire = await wireApi();
  await wire.create('demo', { replicas: 2 });
  return wire;
}

describe('create', () => {
  it('fills in what the server owns', async () => {
    const wire = await wireApi();
    const { code, json } = await wire.create(
      'demo',
      {},
      {
        ...{ uid: 'mine', generation: 9, namespace: 'default', selfLink: '/x' },
        creationTimestamp: '2001-01-01T00:00:00.000Z',
      },
    );
    expect(code).toBe(201);
    expect(json.metadata).toMatchObject({
      ...{ name: 'demo', generation: 1 },
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: expect.stringMatching(/^[1-9]\d*$/),
      creationTimestamp: expect.stringMatching(/^20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(json.metadata).not.toHaveProperty('namespace');
    expect(json.metadata).not.toHaveProperty('selfLink');
  });

  it.each([
    ['twice', 'demo', {}, 409, 'AlreadyExists'],
    ['with a version', 'other', { resourceVersion: '1' }, 400, 'BadRequest'],
    ['with a bad name', 'Bad_Name', {}, 422, 'Invalid'],
  ])('%s is refused', async (_what, name, metadata, code, reason) => {
    const wire = await withDemo();
    expect((await wire.create(name, {}, metadata)).json).toMatchObject({ code, reason });
  });

  it('of another kind than the path holds is 400', async () => {
    const { send } = await wireApi();
    for (const other of [{ kind: 'Pod' }, { apiVersion: 'v1' }]) {
      const body = { ...aModule('demo'), ...other };
      const { json } = await send('POST', MODULES, { headers: JSON_BODY, body });
      expect(json).toMatchObject({ code: 400, reason: 'BadRequest' });
    }
  });

  it.each([
    ['Strict', 400, undefined],
    ['Warn', 201, /unknown field/],
    [undefined, 201, /unknown field/],
    ['Ignore', 201, undefined],
    ['Other', 422, undefined],
  ])(
    'with a field that is not known and fieldValidation=%s is %d',
    async (value, code, warning) => {
      const { send } = await wireApi();
      const query = value === undefined ? '' : `?fieldValidation=${value}`;
      const body = aModule('demo', { replicaz: 2 });
      const answer = await send('POST', MODULES + query, { headers: JSON_BODY, body });
      expect(answer.code, answer.text).toBe(code);
      if (code === 201) expect(answer.json.spec).not.toHaveProperty('replicaz');
      if (warning === undefined) expect(answer.headers).not.toHaveProperty('warning');
      else expect(answer.headers.warning).toMatch(warning);
    },
  );

  it('lists every cause of what is invalid', async () => {
    const wire = await wireApi();
    const { json } = await wire.create('demo', { type: 'gambler', replicas: -1 });
    expect(json).toMatchObject({
      ...{ code: 422, reason: 'Invalid' },
      details: { kind: 'Module', name: 'demo', group: 'registrar.synapsis.network' },
    });
    expect(json.details.causes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: 'spec.type', reason: 'FieldValueNotSupported' }),
        expect.objectContaining({ field: 'spec.replicas', reason: 'FieldValueInvalid' }),
      ]),
    );
  });

  it('as kubectl apply does it: read, then create with the last applied configuration', async () => {
    const { send } = await wireApi();
    expect((await send('GET', DEMO)).code).toBe(404);
    const configuration = JSON.stringify(aModule('demo'));
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': configuration };
    const { json } = await send(
      'POST',
      `${MODULES}?fieldManager=kubectl-client-side-apply&fieldValidation=Strict`,
      { headers: JSON_BODY, body: aModule('demo', {}, { annotations }) },
    );
    expect(json.metadata.annotations).toEqual(annotations);
  });
});
