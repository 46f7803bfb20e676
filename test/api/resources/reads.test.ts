import { describe, expect, it } from 'vitest';
import { aModule, EVENTS, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

async function openWithModules(): Promise<TestApi> {
  const api = await openTestApi();
  for (const [name, labels] of [
    ['web-b', { app: 'web', tier: 'back' }],
    ['web-a', { app: 'web' }],
    ['job', {}],
  ] as const) {
    await api.call('POST', MODULES, { body: aModule(name, {}, { labels }) });
  }
  return api;
}

const names = ({ body }: Answer): string[] =>
  body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);

describe('GET of modules', () => {
  it('lists them by name, with the version of the read', async () => {
    const api = await openWithModules();
    const answer = await api.call('GET', MODULES);
    expect(names(answer)).toEqual(['job', 'web-a', 'web-b']);
    expect(answer.body).toMatchObject({
      kind: 'ModuleList',
      apiVersion: 'registrar.synapsis.network/v1',
      metadata: { resourceVersion: api.registry.resourceVersion },
    });
    expect(answer.body.items[0]).toMatchObject({ kind: 'Module' });
  });

  it('lists nothing as an empty list', async () => {
    const api = await openTestApi();
    expect((await api.call('GET', MODULES)).body.items).toEqual([]);
  });

  it.each([
    ['labelSelector=app', ['web-a', 'web-b']],
    ['labelSelector=app%20in%20(web,x),!tier', ['web-a']],
    ['labelSelector=tier!%3Dback', ['job', 'web-a']],
    ['fieldSelector=metadata.name%3Djob', ['job']],
    ['fieldSelector=metadata.name!%3Djob,status.phase%3DPending', ['web-a', 'web-b']],
    ['fieldSelector=status.phase%3DRunning', []],
    ['fieldSelector=metadata.namespace%3D', ['job', 'web-a', 'web-b']],
    ['labelSelector=app&fieldSelector=metadata.name%3Dweb-b', ['web-b']],
    ['pretty=true&timeout=32s', ['job', 'web-a', 'web-b']],
    ['watch=False', ['job', 'web-a', 'web-b']],
    ['resourceVersion=0', ['job', 'web-a', 'web-b']],
    ['resourceVersion=1', ['job', 'web-a', 'web-b']],
    ['resourceVersion=1&resourceVersionMatch=NotOlderThan', ['job', 'web-a', 'web-b']],
  ])('with %s lists %j', async (query, expected) => {
    const api = await openWithModules();
    expect(names(await api.call('GET', `${MODULES}?${query}`))).toEqual(expected);
  });

  it.each([
    ['fieldSelector=spec.foo%3D1', 400, 'field label not supported: spec.foo'],
    ['fieldSelector=__proto__%3D1', 400, 'field label not supported: __proto__'],
    ['labelSelector=a%3D%3D%3Db', 400, 'Unable to parse requirement'],
    ['resourceVersion=x', 400, 'Invalid resource version "x"'],
    ['resourceVersion=-1', 400, 'Invalid resource version'],
    ['continue=abc', 400, 'continue token'],
    ['limit=-1', 400, 'must be a whole number'],
    ['resourceVersionMatch=Exact', 422, 'it needs a resourceVersion'],
    ['resourceVersion=0&resourceVersionMatch=Exact', 422, 'no state is exactly "0"'],
    ['resourceVersion=1&resourceVersionMatch=Newer', 422, 'Unsupported value: "Newer"'],
    ['sendInitialEvents=true', 422, 'it is for a watch'],
    ['resourceVersion=1&resourceVersionMatch=Exact', 410, 'no longer known'],
  ])('with %s is refused with %i', async (query, code, message) => {
    const api = await openWithModules();
    const answer = await api.call('GET', `${MODULES}?${query}`);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toContain(message);
  });

  it('says that a version is from the future in a way that makes clients list again', async () => {
    const api = await openTestApi();
    const { code, body, headers } = await api.call('GET', `${MODULES}?resourceVersion=99999999`);
    expect([code, body.reason]).toEqual([504, 'Timeout']);
    expect(body.details.causes[0].reason).toBe('ResourceVersionTooLarge');
    expect(headers).not.toHaveProperty('retry-after');
  });
});

describe('GET of one module', () => {
  it('answers 404 with details when it is not there', async () => {
    const api = await openTestApi();
    expect((await api.call('GET', `${MODULES}/nope`)).body).toMatchObject({
      message: 'modules.registrar.synapsis.network "nope" not found',
      details: { name: 'nope', group: 'registrar.synapsis.network', kind: 'modules' },
      code: 404,
    });
  });

  it.each(['%00', '%1b%5b31mred', '..%2f..%2fetc', '%e2%80%ae', 'x'.repeat(300), '__proto__'])(
    'shows no control character of the name %s',
    async (name) => {
      const api = await openTestApi();
      const { code, text, body } = await api.call('GET', `${MODULES}/${name}`);
      expect([code, body.kind]).toEqual([404, 'Status']);
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u001f\u007f\u202e]|\\u00|u202e/);
    },
  );

  it('has no namespaced form', async () => {
    const api = await openTestApi();
    const url = MODULES.replace('/modules', '/namespaces/default/modules');
    expect((await api.call('GET', url)).body.message).toBe(
      'the server could not find the requested resource',
    );
  });
});

describe('GET of events', () => {
  async function openWithEvents(): Promise<TestApi> {
    const api = await openTestApi();
    for (const [name, type, reason] of [
      ['web', 'Normal', 'Started'],
      ['job', 'Warning', 'Failed'],
    ] as const) {
      const apiVersion = 'registrar.synapsis.network/v1';
      const about = { apiVersion, kind: 'Module', name, uid: `uid-${name}` };
      await api.registry.recordEvent({ about, type, reason, message: 'It happened' });
    }
    return api;
  }

  const reasons = ({ body }: Answer): string[] =>
    body.items.map(({ reason }: { reason: string }) => reason).toSorted();

  it('lists them in all namespaces and in default, where they are', async () => {
    const api = await openWithEvents();
    const answer = await api.call('GET', EVENTS);
    expect(reasons(answer)).toEqual(['Failed', 'Started']);
    expect(answer.body).toMatchObject({ kind: 'EventList', apiVersion: 'v1' });
    const inDefault = await api.call('GET', '/api/v1/namespaces/default/events');
    expect(reasons(inDefault)).toEqual(['Failed', 'Started']);
    expect(reasons(await api.call('GET', '/api/v1/namespaces/other/events'))).toEqual([]);
  });

  it.each([
    // As kubectl describe asks.
    'involvedObject.name=web,involvedObject.namespace=,involvedObject.kind=Module,involvedObject.uid=uid-web',
    // As kubectl events asks.
    'involvedObject.kind=Module,involvedObject.apiVersion=registrar.synapsis.network/v1,involvedObject.name=web',
    'type=Normal',
    'reason=Started,type!=Warning',
  ])('finds those with %s', async (selector) => {
    const api = await openWithEvents();
    const url = `${EVENTS}?limit=500&fieldSelector=${encodeURIComponent(selector)}`;
    expect(reasons(await api.call('GET', url))).toEqual(['Started']);
  });

  it('gets one by name in its namespace', async () => {
    const api = await openWithEvents();
    const [event] = (await api.call('GET', EVENTS)).body.items;
    const url = `/api/v1/namespaces/default/events/${event.metadata.name}`;
    expect((await api.call('GET', url)).body).toEqual(event);
    expect((await api.call('GET', url.replace('default', 'other'))).code).toBe(404);
  });

  it('is all that can be done with them', async () => {
    const api = await openWithEvents();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const { code, body } = await api.call(method, EVENTS, { body: {} });
      expect([code, body.reason]).toEqual([405, 'MethodNotAllowed']);
    }
  });
});
