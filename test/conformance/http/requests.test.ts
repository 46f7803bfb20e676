import { describe, expect, it } from 'vitest';
import { watched } from '../wire.js';
import { ACCEPT, JSON_BODY, MERGE_PATCH, MODULES, wireApi } from './wire-api.js';

describe('rules for every request', () => {
  it.each(['/version/', '/apis/', '/api/', `${MODULES}/`])('%s ends with a slash', async (path) => {
    const { send } = await wireApi();
    expect((await send('GET', path)).code).toBe(200);
  });

  it.each([
    ['', 'ModuleList'],
    ['?watch=0', 'ModuleList'],
    ['?watch=False', 'ModuleList'],
    ['?limit=500&pretty=true&timeout=32s&whatever=1', 'ModuleList'],
  ])('GET modules%s is a %s', async (query, kind) => {
    const { send } = await wireApi();
    expect((await send('GET', MODULES + query)).json).toMatchObject({ kind, items: [] });
  });

  it.each(['true', 'True', '1', 'yes', ''])('watch=%s is a watch', async (value) => {
    const { connection, create } = await wireApi();
    await create('demo');
    const events = await watched(connection, `${MODULES}?watch=${value}&timeoutSeconds=1`);
    expect(events.map(({ type }) => type)).toEqual(['ADDED']);
  });

  it.each([
    ...[ACCEPT.table, ACCEPT.discovery, ACCEPT.protobufOrJson, ACCEPT.protobufOrAny],
    ...['application/json', 'application/json, */*', 'application/json, */*;q=0.8', '*/*'],
    undefined,
  ])('accept: %s gets JSON', async (accept) => {
    const { send } = await wireApi();
    const { code, headers } = await send('GET', '/version', { headers: { accept } });
    expect({ code, type: headers['content-type'] }).toMatchObject({ code: 200 });
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it.each([MODULES, `${MODULES}/nope`, '/api/v1/events'])('%s as XML is 406', async (path) => {
    const { send } = await wireApi();
    const { json } = await send('GET', path, { headers: { accept: 'application/xml' } });
    expect(json).toMatchObject({ kind: 'Status', code: 406, reason: 'NotAcceptable' });
    expect(json.message).toContain('only the following media types are accepted');
  });

  it.each([
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
    'application/yaml',
    undefined,
  ])('a body of type %s is taken', async (type) => {
    const { api, send } = await wireApi();
    const body = { apiVersion: 'registrar.synapsis.network/v1', kind: 'Module' };
    const spec = { version: '1.0.0', type: 'miner', license: 'MIT', image: 'sample:1' };
    const answer = await send('POST', MODULES, {
      headers: { 'content-type': type },
      body: { ...body, metadata: { name: 'demo' }, spec },
    });
    expect(answer.code).toBe(201);
    expect(api.registry.list('Module').items).toHaveLength(1);
  });

  it.each([
    ['GET', '/version', 200],
    ['GET', MODULES, 200],
    ['DELETE', `${MODULES}/nope`, 404],
  ])('%s %s with a type and no body is %d', async (method, path, code) => {
    const { send } = await wireApi();
    expect((await send(method, path, { headers: JSON_BODY })).code).toBe(code);
  });
});

describe('every failure is a Status', () => {
  it.each([
    ['GET', '/nope', 404, 'NotFound', 'the server could not find the requested resource'],
    [
      'GET',
      `${MODULES}/nope`,
      404,
      'NotFound',
      'modules.registrar.synapsis.network "nope" not found',
    ],
    ['GET', '/apis/registrar.synapsis.network/v1/namespaces/default/modules', 404, 'NotFound', ''],
    ['POST', '/version', 405, 'MethodNotAllowed', ''],
    ['GET', `${MODULES}?labelSelector=%21%21`, 400, 'BadRequest', ''],
    ['GET', `${MODULES}?resourceVersion=abc`, 400, 'BadRequest', ''],
    [
      'GET',
      `${MODULES}?fieldSelector=spec.foo%3D1`,
      400,
      'BadRequest',
      'field label not supported: spec.foo',
    ],
    ['GET', '/%zz', 400, 'BadRequest', ''],
  ])('%s %s is %d %s', async (method, path, code, reason, message) => {
    const { send } = await wireApi();
    const { json, code: sent, headers } = await send(method, path);
    expect({ sent, ...json }).toMatchObject({ sent: code, kind: 'Status', code, reason });
    expect({ apiVersion: 'v1', status: 'Failure', metadata: {} }).toEqual({
      ...{ apiVersion: json.apiVersion, status: json.status, metadata: json.metadata },
    });
    expect(json.message).toContain(message);
    expect(headers).not.toHaveProperty('location');
  });

  it('a body of more than 3 MiB is 413', async () => {
    const { send } = await wireApi();
    const body = `"${'x'.repeat(3 * 1024 * 1024)}"`;
    const { json } = await send('POST', MODULES, { headers: JSON_BODY, body });
    expect(json).toMatchObject({
      ...{ code: 413, reason: 'RequestEntityTooLarge' },
      message: 'Request entity too large: limit is 3145728',
    });
  });

  it('without a token it is 401, and what is open to all is open', async () => {
    const { send } = await wireApi();
    const headers = { authorization: undefined };
    const { json } = await send('GET', MODULES, { headers });
    expect(json).toMatchObject({ kind: 'Status', code: 401, reason: 'Unauthorized' });
    for (const path of ['/version', '/healthz', '/livez', '/readyz']) {
      expect((await send('GET', path, { headers })).code).toBe(200);
    }
  });

  it.each([
    { 'impersonate-user': 'someone' },
    { 'impersonate-group': 'admins' },
    { 'impersonate-uid': '1' },
    { 'impersonate-extra-scopes': 'all' },
  ])('%o is refused', async (headers) => {
    const { send } = await wireApi();
    const { json } = await send('GET', MODULES, { headers });
    expect(json).toMatchObject({ code: 403, reason: 'Forbidden' });
  });
});

it('tells what was wrong but accepted in Warning headers', async () => {
  const { create, send } = await wireApi();
  await create('demo');
  const { code, headers } = await send('PATCH', `${MODULES}/demo?fieldManager=kubectl-patch`, {
    headers: MERGE_PATCH,
    body: { spec: { replicaz: 2 } },
  });
  expect(code).toBe(200);
  expect(headers.warning).toContain('299 - "unknown field \\"spec.replicaz\\"');
});
