import { describe, expect, it } from 'vitest';
import { JSON_BODY, MERGE_PATCH, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const DEMO = `${MODULES}/demo`;

/** As kubectl delete sends it. */
const OPTIONS = { propagationPolicy: 'Background' };

const remove = ({ send }: WireApi, body: object | undefined, path = DEMO) =>
  send('DELETE', path, { headers: JSON_BODY, ...(body && { body }) });

const setFinalizers = ({ send }: WireApi, finalizers: readonly string[] | null) =>
  send('PATCH', DEMO, { headers: MERGE_PATCH, body: { metadata: { finalizers } } });

/** A module that nothing holds, as after its last container is gone. */
async function withLooseDemo(): Promise<WireApi> {
  const wire = await wireApi();
  await wire.create('demo', {}, { finalizers: ['example.com/hold'] });
  return wire;
}

describe('delete', () => {
  it('of what finalizers hold answers with the object, which goes when the last one does', async () => {
    const wire = await withLooseDemo();
    const { code, json } = await remove(wire, OPTIONS);
    expect(code).toBe(200);
    expect(json).toMatchObject({
      kind: 'Module',
      metadata: {
        ...{ name: 'demo', deletionGracePeriodSeconds: 0, generation: 2 },
        deletionTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    });
    const again = await remove(wire, OPTIONS);
    expect({ code: again.code, json: again.json }).toEqual({ code: 200, json });
    expect((await setFinalizers(wire, null)).code).toBe(200);
    expect((await wire.send('GET', DEMO)).code).toBe(404);
  });

  it('takes no new finalizer afterwards', async () => {
    const wire = await withLooseDemo();
    await remove(wire, OPTIONS);
    const { json } = await setFinalizers(wire, ['a.b/c', 'example.com/hold']);
    expect(json).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(json.details.causes).toEqual([
      {
        ...{ reason: 'FieldValueForbidden', field: 'metadata.finalizers' },
        message: expect.stringContaining(
          'no new finalizers can be added if the object is being deleted',
        ),
      },
    ]);
  });

  it('of what nothing holds answers with its uid', async () => {
    const { send } = await wireApi();
    const created = await send('POST', '/api/v1/namespaces/default/events', {
      headers: JSON_BODY,
      body: {
        ...{ kind: 'Event', apiVersion: 'v1', metadata: { name: 'demo.1' } },
        ...{ reason: 'Tested', message: 'Yes', type: 'Normal' },
        involvedObject: {
          kind: 'Module',
          apiVersion: 'registrar.synapsis.network/v1',
          name: 'demo',
        },
      },
    });
    expect(created.code, created.text).toBe(201);
  });

  it.each([
    [{ uid: 'x' }, 409],
    [{ resourceVersion: '99999' }, 409],
  ])('with the precondition %o is %d and deletes nothing', async (preconditions, code) => {
    const wire = await withLooseDemo();
    const { json } = await remove(wire, { ...OPTIONS, preconditions });
    expect(json).toMatchObject({ code, reason: 'Conflict' });
    expect((await wire.send('GET', DEMO)).json.metadata).not.toHaveProperty('deletionTimestamp');
  });

  it('with the right preconditions is done', async () => {
    const wire = await withLooseDemo();
    const { uid, resourceVersion } = (await wire.send('GET', DEMO)).json.metadata;
    const answer = await remove(wire, { preconditions: { uid, resourceVersion } });
    expect(answer.code).toBe(200);
  });

  it.each([
    ['in the body', DEMO, { ...OPTIONS, dryRun: ['All'] }],
    ['in the query', `${DEMO}?dryRun=All`, undefined],
  ])('as a dry run, said %s, deletes nothing', async (_where, path, body) => {
    const wire = await withLooseDemo();
    expect((await remove(wire, body, path)).code).toBe(200);
    expect((await wire.send('GET', DEMO)).json.metadata).not.toHaveProperty('deletionTimestamp');
  });

  it.each([
    undefined,
    {},
    { propagationPolicy: 'Foreground', gracePeriodSeconds: 1 },
    { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Orphan', gracePeriodSeconds: 0 },
  ])('takes the options %o', async (body) => {
    const wire = await withLooseDemo();
    expect((await remove(wire, body)).code).toBe(200);
  });

  it('of what is not there is 404', async () => {
    const wire = await wireApi();
    expect((await remove(wire, undefined)).json).toMatchObject({ code: 404, reason: 'NotFound' });
  });
});

describe('kinds that are only read', () => {
  it.each([
    ['DELETE', '/apis/registrar.synapsis.network/v1/revisions/local'],
    ['POST', '/apis/registrar.synapsis.network/v1/revisions'],
    ['DELETE', '/api/v1/namespaces/default/pods/demo-0'],
    ['DELETE', '/api/v1/namespaces/default'],
  ])('%s %s is 405', async (method, path) => {
    const { send } = await wireApi();
    const { json } = await send(method, path, { headers: JSON_BODY, body: {} });
    expect(json).toMatchObject({ code: 405, reason: 'MethodNotAllowed' });
    expect(json.message).toMatch(/is not supported on resources of kind/);
  });
});
