import { fc, test } from '@fast-check/vitest';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { RegistrarError } from '../../src/model/errors.js';
import { aModule, EVENTS, MERGE_PATCH, MODULES, openTestApi } from './test-api.js';
import type { Method, TestApi } from './test-api.js';

const nested = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);

describe('the server', () => {
  it.each([
    '/nope',
    '/apis/nope',
    '/apis/registrar.synapsis.network/v2/modules',
    `${MODULES}/a/b/c`,
    `${MODULES}/${'x'.repeat(5000)}/status`,
    '/%zz',
    '//',
  ])('answers the path %s with a Status', async (path) => {
    const api = await openTestApi();
    const { code, body } = await api.call('GET', path);
    expect([body.kind, body.status, body.code]).toEqual(['Status', 'Failure', code]);
    expect([400, 404]).toContain(code);
  });

  it.each([
    ['DELETE', EVENTS],
    ['PUT', MODULES],
    ['POST', `${MODULES}/demo`],
    ['DELETE', `${MODULES}/demo/scale`],
    ['HEAD', MODULES],
    ['OPTIONS', MODULES],
    ['POST', '/version'],
    ['GET', `${MODULES}/demo/plan`],
  ] as const)('does not offer %s %s, and says what it offers', async (method, path) => {
    const api = await openTestApi();
    const { code, headers } = await api.call(method, path, { body: '' });
    expect(code).toBe(405);
    expect(headers['allow']).toMatch(/GET|POST/);
  });

  it('takes a trailing slash', async () => {
    const api = await openTestApi();
    for (const path of ['/version/', '/apis/', `${MODULES}/`]) {
      expect((await api.call('GET', path)).code).toBe(200);
    }
  });

  it('marks its answers', async () => {
    const api = await openTestApi();
    const { headers } = await api.call('GET', MODULES);
    expect(headers).toMatchObject({
      'cache-control': 'no-cache, private',
      'x-content-type-options': 'nosniff',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it.each([
    ['no JSON', '{"a":', 'not valid JSON'],
    ['no object', '[1]', 'must be one object'],
    ['nothing', '', 'must be one object'],
    ['null', 'null', 'must be one object'],
    ['nesting', nested(65), 'nested deeper than 64 levels'],
    ['deep nesting', nested(90_000), 'nested deeper than 64 levels'],
    ['deeper nesting', nested(150_000), 'more than 100000 values'],
    ['deep lists', '['.repeat(400_000) + ']'.repeat(400_000), 'more than 100000 values'],
    ['many values', `[${'1,'.repeat(100_000)}1]`, 'more than 100000 values'],
    ['__proto__', '{"__proto__":{"polluted":true}}', '"__proto__" is not allowed'],
    ['constructor', '{"spec":{"constructor":{}}}', '"constructor" is not allowed'],
    ['control characters', '{"spec":{"description":"\\u001b[31m"}}', 'hidden character'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'not valid UTF-8'],
  ])('refuses a body with %s', async (_what, body, message) => {
    const api = await openTestApi();
    for (const [method, path, type] of [
      ['POST', MODULES, 'application/json'],
      ['PATCH', `${MODULES}/demo`, MERGE_PATCH],
    ] as const) {
      const answer = await api.call(method, path, { body, headers: { 'content-type': type } });
      expect([answer.code, answer.body.reason]).toEqual([400, 'BadRequest']);
      if (type === 'application/json' || body !== '')
        expect(answer.body.message).toContain(message);
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('does not quote a body it cannot read', async () => {
    const api = await openTestApi();
    const { text } = await api.call('POST', MODULES, { body: '{"password": hunter2}' });
    expect(text).not.toContain('hunter2');
  });

  it('refuses a body of more than 3 MiB', async () => {
    const api = await openTestApi();
    const body = JSON.stringify(aModule('big', { description: 'x'.repeat(3 * 1024 * 1024) }));
    const answer = await api.call('POST', MODULES, { body });
    expect([answer.code, answer.body.reason]).toEqual([413, 'RequestEntityTooLarge']);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '/',
    'x',
  ])('refuses the content type %s', async (type) => {
    const api = await openTestApi();
    const headers = { 'content-type': type };
    const { code, body } = await api.call('POST', MODULES, { body: aModule('demo'), headers });
    expect([code, body.reason]).toEqual([415, 'UnsupportedMediaType']);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON ; charset="utf-8"', ''])(
    'takes the content type "%s"',
    async (type) => {
      const api = await openTestApi();
      const body = Buffer.from(JSON.stringify(aModule('demo')));
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      expect((await api.call('POST', MODULES, { body, headers })).code).toBe(201);
    },
  );

  it('hides what is inside of a bug, and logs it under the id it tells', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
    const metrics = (): Promise<string> => Promise.reject(new TypeError('x is not a function'));
    const api = await openTestApi({ metrics, log });
    const { code, text, body } = await api.call('GET', '/metrics');
    expect([code, body.reason]).toEqual([500, 'InternalError']);
    expect(text).not.toMatch(/not a function|TypeError|at /);
    const id = /"([0-9a-f-]{36})"/.exec(body.message as string)?.[1] ?? 'none';
    expect(lines.join('')).toContain(id);
    expect(lines.join('')).toContain('x is not a function');
  });

  it('tells when to try again', async () => {
    const metrics = (): Promise<string> =>
      Promise.reject(new RegistrarError('STORE_UNAVAILABLE', 'Full', { retryAfterSeconds: 5 }));
    const api = await openTestApi({ metrics });
    const { code, headers, body } = await api.call('GET', '/metrics');
    expect([code, headers['retry-after'], body.details.retryAfterSeconds]).toEqual([503, '5', 5]);
  });

  it('answers 400 requests at once, and no more', async () => {
    const waiting: (() => void)[] = [];
    const metrics = (): Promise<string> =>
      new Promise((resolve) => waiting.push(() => resolve('done')));
    const api = await openTestApi({ metrics });
    const started = Array.from({ length: 400 }, () => api.call('GET', '/metrics'));
    await expect.poll(() => waiting.length).toBe(400);
    const { code, headers, body } = await api.call('GET', '/metrics');
    expect([code, headers['retry-after'], body.reason]).toEqual([429, '1', 'TooManyRequests']);
    for (const finish of waiting) finish();
    expect((await Promise.all(started)).every((answer) => answer.code === 200)).toBe(true);
    expect((await api.call('GET', MODULES)).code).toBe(200);
  });
});

describe('hostile requests', () => {
  const bodies = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .record({
        apiVersion: fc.constant('registrar.synapsis.network/v1'),
        kind: fc.constant('Module'),
        metadata: fc.oneof(
          fc.jsonValue(),
          fc.dictionary(
            fc.constantFrom(
              'name',
              'generateName',
              'labels',
              'annotations',
              'finalizers',
              'uid',
              'resourceVersion',
              'deletionTimestamp',
              'ownerReferences',
              'managedFields',
            ),
            fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('demo', 'web')),
          ),
        ),
        spec: fc.oneof(
          fc.jsonValue(),
          fc
            .dictionary(
              fc.constantFrom(
                'replicas',
                'env',
                'ports',
                'image',
                'source',
                'healthCheck',
                'volumes',
                'dependsOn',
                'strategy',
                'resources',
                '__proto__',
              ),
              fc.jsonValue({ maxDepth: 3 }),
            )
            .map((part) => ({ ...aModule('x').spec, ...part })),
        ),
        status: fc.jsonValue({ maxDepth: 2 }),
      })
      .map((object) => JSON.stringify(object)),
  );
  const targets = fc.constantFrom<[Method, string, string]>(
    ['POST', MODULES, 'application/json'],
    ['POST', MODULES, 'application/yaml'],
    ['POST', `${MODULES}/demo/plan`, 'application/json'],
    ['PUT', `${MODULES}/demo`, 'application/json'],
    ['PUT', `${MODULES}/demo/scale`, 'application/json'],
    ['PATCH', `${MODULES}/demo`, MERGE_PATCH],
    ['PATCH', `${MODULES}/demo/status`, MERGE_PATCH],
    ['PATCH', `${MODULES}/demo/scale`, MERGE_PATCH],
    ['DELETE', `${MODULES}/nope`, 'application/json'],
  );

  /** One API for all runs of a property: what they store makes the next run harder. */
  async function check(run: (api: TestApi) => Promise<void>): Promise<void> {
    const api = await openTestApi();
    await api.call('POST', MODULES, { body: aModule('demo') });
    await run(api);
  }

  it('with any body get an answer that is no fault of the server, and a Status if refused', () =>
    check((api) =>
      fc.assert(
        fc.asyncProperty(targets, bodies, async ([method, path, type], body) => {
          const headers = { 'content-type': type };
          const answer = await api.call(method, path, { body, headers });
          expect(answer.code, answer.text).toBeLessThan(500);
          if (answer.code < 400) return;
          expect(answer.body).toMatchObject({ kind: 'Status', code: answer.code });
        }),
        { numRuns: 400 },
      ),
    ));

  it('with any path and query get an answer that is no fault of the server', () =>
    check((api) =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom(MODULES, EVENTS, `${MODULES}/demo`, `${MODULES}/demo/log`),
          fc.webPath(),
          fc.dictionary(
            fc.constantFrom(
              'labelSelector',
              'fieldSelector',
              'resourceVersion',
              'dryRun',
              'slot',
              'resourceVersionMatch',
              'sendInitialEvents',
              'tailLines',
              'continue',
              'limit',
            ),
            fc.string({ unit: 'binary', maxLength: 40 }),
          ),
          async (base, path, query) => {
            const url = `${base}${path}?${new URLSearchParams(query).toString()}`;
            const answer = await api.call('GET', url);
            if (answer.code === 504) expect(answer.body.reason).toBe('Timeout');
            else expect(answer.code, answer.text).toBeLessThan(500);
            if (answer.code >= 400) expect(answer.body.kind).toBe('Status');
          },
        ),
        { numRuns: 200 },
      ),
    ));

  test.prop([fc.string({ unit: 'binary', maxLength: 100 })], { numRuns: 50 })(
    'with any name in a body show none of its hidden characters',
    async (name) => {
      const api = await openTestApi();
      const { text } = await api.call('POST', MODULES, { body: aModule(name) });
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]|\\u0/);
    },
  );
});
