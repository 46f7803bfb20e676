import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { createClient, warningsOf } from '../../src/client/http.js';
import type { Client } from '../../src/client/http.js';
import { BODY_LIMIT } from '../../src/model/body-limit.js';
import { ServerError } from '../../src/client/server-error.js';
import { watchFrom } from '../../src/client/watch.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A client of a server that gives these answers in turn, the last one again and again. */
async function clientOf(...answers: readonly Answer[]): Promise<Client & { warnings: string[] }> {
  let next = 0;
  const server = createServer((request, response) => {
    request.resume();
    answers[Math.min(next++, answers.length - 1)]?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const { port } = server.address() as { port: number };
  const warnings: string[] = [];
  const target = { host: '127.0.0.1', port };
  const client = createClient({ url: 'http://test', target, token: 'secret' }, (text) =>
    warnings.push(text),
  );
  return { ...client, warnings };
}

const json =
  (code: number, body: object, headers: Record<string, string | string[]> = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end(JSON.stringify(body));
  };

test('json() sends the token, the query without undefined, and the body with its type', async () => {
  const seen: unknown[] = [];
  const client = await clientOf((request, response) => {
    const { method, url, headers } = request;
    seen.push([method, url, headers.authorization, headers['content-type']]);
    response.end('{"a":1}');
  });
  const body = { spec: {} };
  const query = { a: 'x y', b: undefined };
  const contentType = 'application/merge-patch+json';
  expect(await client.json({ method: 'PATCH', path: '/p', query, body, contentType })).toEqual({
    a: 1,
  });
  expect(seen).toEqual([['PATCH', '/p?a=x+y', 'Bearer secret', contentType]]);
});

test('a body that no server takes is not sent', async () => {
  const client = await clientOf(json(200, {}));
  const body = 'x'.repeat(BODY_LIMIT - 2);
  expect(await client.json({ method: 'POST', path: '/p', body })).toEqual({});
  await expect(client.json({ method: 'POST', path: '/p', body: `${body}x` })).rejects.toMatchObject(
    {
      ...{ http: 413, code: 'TOO_LARGE' },
      message: `Request entity too large: ${BODY_LIMIT + 1} bytes, the limit is ${BODY_LIMIT}`,
    },
  );
});

test('a Status becomes a ServerError with code, reason and causes', async () => {
  const causes = [{ field: 'spec.a', message: 'Required value', reason: 'FieldValueRequired' }];
  const status = {
    kind: 'Status',
    message: 'no',
    reason: 'Invalid',
    code: 422,
    details: { causes },
  };
  const client = await clientOf(json(422, status));
  await expect(client.json({ path: '/' })).rejects.toMatchObject({
    ...{ name: 'ServerError', code: 'INVALID', http: 422, serverReason: 'Invalid', message: 'no' },
    details: { causes },
  });
});

test('an answer that is no Status keeps its text', async () => {
  const client = await clientOf((_request, response) =>
    response.writeHead(502).end('bad gateway\n'),
  );
  await expect(client.json({ path: '/' })).rejects.toMatchObject({
    http: 502,
    message: 'bad gateway',
  });
});

test('what the server warns of is passed on', async () => {
  const warning = ['299 - "one \\"quoted\\""', '299 - "two"'];
  const client = await clientOf(json(200, {}, { warning }));
  await client.json({ path: '/' });
  expect(client.warnings).toEqual(['one "quoted"', 'two']);
  expect(warningsOf(['299 - "a", 299 - "b, c"', 'nonsense'])).toEqual(['a', 'b, c']);
});

test('a busy server is asked again when it says when', async () => {
  const busy = json(429, { message: 'busy', reason: 'x', details: { retryAfterSeconds: 0 } });
  const client = await clientOf(busy, busy, json(200, { ok: true }));
  expect(await client.json({ path: '/' })).toEqual({ ok: true });
  const never = await clientOf(busy);
  await expect(never.json({ path: '/' })).rejects.toMatchObject({ http: 429 });
  const silent = await clientOf(json(503, { message: 'down' }), json(200, {}));
  await expect(silent.json({ path: '/' })).rejects.toMatchObject({ http: 503 });
});

test('a server that is gone is SERVER_UNREACHABLE', async () => {
  const client = await clientOf((request) => request.socket.destroy());
  await expect(client.json({ path: '/' })).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
});

test('an unknown status is an error too', () => {
  expect(new ServerError(418, {})).toMatchObject({ code: 'INTERNAL', message: 'HTTP status 418' });
});

interface Thing {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
}

const event = (type: string, name: string, resourceVersion: string): string =>
  `${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`;

test('watchFrom() goes on where a stream ended or broke, bookmarks included', async () => {
  const versions: (string | null)[] = [];
  const stream =
    (breaks: boolean, ...lines: readonly string[]): Answer =>
    (request, response) => {
      versions.push(new URL(request.url ?? '', 'http://x').searchParams.get('resourceVersion'));
      response.write(lines.join(''), () => (breaks ? request.socket.destroy() : response.end()));
    };
  const client = await clientOf(
    stream(false, event('ADDED', 'a', '11'), event('BOOKMARK', '', '12')),
    stream(true, event('MODIFIED', 'b', '13')),
    stream(false, event('DELETED', 'c', '14')),
  );
  const seen: string[] = [];
  const { signal } = new AbortController();
  for await (const { type, object } of watchFrom<Thing>(
    client,
    { path: '/things' },
    '10',
    signal,
  )) {
    seen.push(`${type} ${object.metadata.name}`);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual(['ADDED a', 'MODIFIED b', 'DELETED c']);
  expect(versions).toEqual(['10', '12', '13']);
});

test('watchFrom() throws what the server says within the stream', async () => {
  const status = { code: 410, reason: 'Expired', message: 'too old' };
  const client = await clientOf((_request, response) =>
    response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`),
  );
  const { signal } = new AbortController();
  const watch = watchFrom<Thing>(client, { path: '/things' }, '10', signal);
  await expect(watch.next()).rejects.toMatchObject({ code: 'EXPIRED', message: 'too old' });
});

test('watchFrom() ends when its signal says so', async () => {
  const cancel = new AbortController();
  const client = await clientOf((_request, response) => {
    response.write(event('ADDED', 'a', '11'), () => undefined);
  });
  const watch = watchFrom<Thing>(client, { path: '/things' }, '10', cancel.signal);
  await watch.next();
  const next = watch.next();
  cancel.abort();
  await expect(next).rejects.toThrow('abort');
});
