import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpEye } from '../../../src/controller/progress/http-eye.js';

async function serve(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const lookAt = (port: number, field: string, path = '/') =>
  httpEye('127.0.0.1', { port, path, field }).look();

/** What is seen of a field of an answer. */
const seenIn = async (body: string, field: string, status = 200) =>
  lookAt(await serve((_, response) => void response.writeHead(status).end(body)), field);

describe('httpEye()', () => {
  it.each([
    ['{"height":812}', 'height', '812', '812'],
    ['{"chain":{"heads":[{"id":"a"}]}}', 'chain.heads[0].id', '"a"', 'a text of 1 characters'],
    ['{"a.b":{"c":null}}', '["a.b"].c', 'null', 'null'],
    ['{"list":[1,2]}', 'list', '[1,2]', 'a list'],
    ['{"head":{"key":"s3cr3t"}}', 'head', '{"key":"s3cr3t"}', 'an object'],
  ])('sees in %s at %s the value %s and calls it %s', async (body, field, value, shown) => {
    const seen = { kind: 'seen', value, detail: `it is ${shown}` };
    expect(await seenIn(body, field)).toEqual(seen);
  });

  it('tells long values apart and shows nothing of them', async () => {
    const looks = ['x', 'y'].map((end) => seenIn(`{"a":"${'z'.repeat(9_000)}${end}"}`, 'a'));
    const [one, other] = await Promise.all(looks);
    expect(one).not.toEqual(other);
    expect(JSON.stringify(one).length).toBeLessThan(200);
  });

  it.each([
    ['its answer has no such field', '{"height":1}', 'depth', 200],
    ['its answer has no such field', '{"height":1}', 'constructor.name', 200],
    ['its answer has no such field', '"text"', 'length', 200],
    ['its answer has no such field', 'null', 'height', 200],
    ['its answer is not JSON', 'height 1', 'height', 200],
    ['it answers 503', '{"height":1}', 'height', 503],
    ['it answers 302', '{"height":1}', 'height', 302],
    ['its answer is larger than 64 KiB', `{"height":1}${' '.repeat(66_000)}`, 'height', 200],
  ])('sees nothing and says: %s', async (detail, body, field, status) => {
    expect(await seenIn(body, field, status)).toEqual({ kind: 'nothing', detail });
  });

  it('does not follow a redirect', async () => {
    const asked: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      asked.push(request.url);
      response.writeHead(301, { location: '/other' }).end();
    });
    await lookAt(port, 'height', '/status');
    expect(asked).toEqual(['/status']);
  });

  it('gives up on an answer that never ends, and on one that does not come', async () => {
    const drops = await serve((request) => void request.socket.destroy());
    const endless = await serve((_, response) => {
      const send = () => response.write('x'.repeat(60_000));
      response.on('drain', send);
      send();
    });
    expect(await lookAt(drops, 'a')).toEqual({ kind: 'nothing', detail: 'it does not answer' });
    expect(await lookAt(endless, 'a')).toMatchObject({
      detail: 'its answer is larger than 64 KiB',
    });
    expect(await lookAt(drops, 'a', '/not a path')).toMatchObject({ kind: 'nothing' });
  });
});
