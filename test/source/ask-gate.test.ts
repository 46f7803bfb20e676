import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { gateAsker } from '../../src/source/ask-gate.js';
import type { GateAnswer, GateQuestion } from '../../src/source/ask-gate.js';

const NEVER = new AbortController().signal;

async function served(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const asked = (url: string, more: Partial<GateQuestion> = {}): Promise<GateAnswer> =>
  gateAsker(async () => ['127.0.0.1'])(
    { url, privateAddresses: true, timeoutMs: 10_000, headers: {}, ...more },
    NEVER,
  );

test('tells the status, and follows no redirect', async () => {
  let requests = 0;
  const url = await served((_, response) => {
    requests += 1;
    response.writeHead(301, { location: '/other' }).end();
  });
  expect(await asked(url)).toEqual({ status: 301 });
  expect(requests).toBe(1);
});

test('waits for no answer that does not come, or does not end', async () => {
  const silent = await served(() => undefined);
  expect(await asked(silent, { timeoutMs: 50 })).toEqual({ problem: 'it did not answer in time' });
  const endless = await served((_, response) => {
    const more = (): void => void response.write('x'.repeat(8192), more);
    more();
  });
  expect(await asked(endless)).toEqual({ problem: 'it answered with more than 65536 bytes' });
});

test('asks no address that is not admitted, nor a metadata service at all', async () => {
  const url = await served((_, response) => void response.end());
  const refused = await asked(url, { privateAddresses: false });
  expect(refused).toMatchObject({ problem: expect.stringContaining('private network') });
  const metadata = await asked('http://169.254.169.254/latest/meta-data/');
  expect(metadata).toMatchObject({ problem: expect.stringContaining('cannot use host') });
});

test('tells in words why a server cannot be reached, and ends when it is called off', async () => {
  expect(await asked('http://127.0.0.1:1/')).toMatchObject({
    problem: expect.stringContaining('ECONNREFUSED'),
  });
  const url = await served(() => undefined);
  const question = { url, privateAddresses: true, timeoutMs: 10_000, headers: {} };
  await expect(gateAsker()(question, AbortSignal.abort())).rejects.toThrow('abort');
});
