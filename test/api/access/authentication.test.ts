import { request } from 'node:http';
import type { RequestOptions } from 'node:http';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../helpers/fake-clock.js';
import { MODULES, openTestApi, TOKEN } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';
import { startTestServer } from '../test-server.js';

const PATHS = [
  ...['/api', '/apis', '/apis/registrar.synapsis.network/v1', '/api/v1/events'],
  ...[MODULES, `${MODULES}/x/plan`, `${MODULES}/x/log`, '/metrics', '/configz', '/no/such/path'],
];

const callWith = (api: TestApi, authorization: string, url = MODULES): Promise<Answer> =>
  api.call('GET', url, { headers: { authorization } });

/** Status of the answer to a request on a real connection. */
const statusOf = (options: RequestOptions): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });

describe('the API', () => {
  it.each(PATHS)('does not answer %s without the token', async (path) => {
    const api = await openTestApi();
    const { code, body, headers } = await callWith(api, '', path);
    expect([code, body.reason, body.kind]).toEqual([401, 'Unauthorized', 'Status']);
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['/healthz', '/livez', '/readyz', '/readyz/', '/readyz?verbose', '/version'])(
    'answers %s to anybody',
    async (path) => {
      const api = await openTestApi();
      expect((await callWith(api, '', path)).code).toBe(200);
    },
  );

  it('takes no wrong token where none is needed', async () => {
    const api = await openTestApi();
    for (const path of ['/readyz?verbose', '/version']) {
      expect((await callWith(api, 'Bearer wrong', path)).code).toBe(401);
    }
  });

  it('takes no two headers, whichever is right', async () => {
    const { port } = await startTestServer(await openTestApi());
    const right = `Bearer ${TOKEN}`;
    const pairs = [
      [right, right],
      [right, 'Bearer wrong'],
      ['', right],
    ];
    for (const pair of pairs) {
      const doubled = pair.flatMap((value) => ['authorization', value]);
      const headers = ['host', 'localhost', ...doubled];
      expect(await statusOf({ port, path: MODULES, headers })).toBe(401);
    }
    expect(await statusOf({ port, path: MODULES, headers: { authorization: right } })).toBe(200);
  });

  it.each([
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer Bearer ${TOKEN}`,
    'Bearer',
    `Basic ${TOKEN}`,
    TOKEN,
  ])('refuses the header "%s"', async (authorization) => {
    const api = await openTestApi();
    expect((await callWith(api, authorization)).code).toBe(401);
  });

  it('refuses a token in the query', async () => {
    const api = await openTestApi();
    expect((await callWith(api, '', `${MODULES}?token=${TOKEN}&access_token=${TOKEN}`)).code).toBe(
      401,
    );
  });

  it('takes the token with any case of the scheme', async () => {
    const api = await openTestApi();
    expect((await callWith(api, `bearer ${TOKEN}`)).code).toBe(200);
  });

  it('never does what another user is asked to be', async () => {
    const api = await openTestApi();
    const headers = { 'impersonate-user': 'someone' };
    const { code, body } = await api.call('GET', MODULES, { headers });
    expect([code, body.reason]).toEqual([403, 'Forbidden']);
    const extra = { 'impersonate-extra-scopes': 'x' };
    expect((await api.call('GET', MODULES, { headers: extra })).code).toBe(403);
  });

  it('lets those who guess wait, but never the one with the token', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    const guess = (): Promise<Answer> => callWith(api, 'Bearer wrong');
    for (let count = 0; count < 10; count += 1) expect((await guess()).code).toBe(401);
    const { code, body, headers } = await guess();
    expect([code, body.reason, headers['retry-after']]).toEqual([429, 'TooManyRequests', '60']);
    expect(body.details.retryAfterSeconds).toBe(60);
    expect((await callWith(api, `Bearer ${TOKEN}`)).code).toBe(200);
    expect((await callWith(api, '')).code).toBe(401);
    await clock.advance(60_000);
    expect((await guess()).code).toBe(401);
  });

  it('needs no token on the unix socket', async () => {
    const api = await openTestApi();
    const { socketPath } = await startTestServer(api);
    expect(await statusOf({ socketPath, path: MODULES })).toBe(200);
  });
});
