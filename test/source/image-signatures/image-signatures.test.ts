import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { COSIGN } from '../../../src/verification/checks/image/cosign.js';
import { signatureFetcher } from '../../../src/source/image-signatures/image-signatures.js';
import type { SignatureQuestion } from '../../../src/source/image-signatures/image-signatures.js';
import type { ImageSignature } from '../../../src/verification/subjects.js';
import { bundleOf, newKeys, payloadOf, statementOf } from '../../helpers/cosign.js';
import type { Keys } from '../../helpers/cosign.js';
import { CREDENTIALS, registryProblem, startRegistry } from '../../helpers/image-registry.js';
import type { ImageRegistry } from '../../helpers/image-registry.js';
import { digestOf, Signer } from '../../helpers/signed-image.js';

const NEVER = new AbortController().signal;
const fetchSignatures = signatureFetcher();
const DIGEST = digestOf('an image');
const missing = await registryProblem();

const question = (address: string, rest: Partial<SignatureQuestion> = {}): SignatureQuestion => ({
  ...{ reference: `${address}/team/echo:1`, digest: DIGEST, privateAddresses: true },
  ...rest,
});

/** Why they cannot be fetched. */
const problem = async (asked: SignatureQuestion, signal = NEVER): Promise<string> =>
  fetchSignatures(asked, signal).then(
    (found) => `found ${found.length}`,
    (error: unknown) => (error as Error).message,
  );

/** What the check finds of them. */
async function checked(signatures: readonly ImageSignature[], keys: Keys): Promise<unknown> {
  const image = { digest: DIGEST, built: false };
  const parameters = { keys: [keys.pem], privateAddresses: true };
  return COSIGN.run({ signatures, image } as never, parameters);
}

describe.skipIf(missing !== undefined)(`in a registry without a login ${missing ?? ''}`, () => {
  let registry: ImageRegistry;
  const keys = newKeys();
  beforeAll(async () => void (registry = await startRegistry()));
  afterAll(() => registry.stop());

  test('an image has none', async () => {
    expect(await fetchSignatures(question(registry.address), NEVER)).toEqual([]);
  });

  test('one in a tag is found, and one in a bundle', async () => {
    const signer = new Signer(registry.address, 'team/echo');
    await signer.sign(DIGEST, payloadOf(DIGEST), keys);
    const [first, ...more] = await fetchSignatures(question(registry.address), NEVER);
    expect([first?.form, more]).toEqual(['simple', []]);
    expect(await checked([first as ImageSignature], keys)).toEqual([]);
    const others = newKeys();
    await signer.attach(DIGEST, bundleOf(statementOf(DIGEST), others));
    const both = await fetchSignatures(question(registry.address), NEVER);
    expect(both.map(({ form }) => form)).toEqual(['simple', 'bundle']);
    expect(await checked(both, others)).toEqual([]);
    expect(await checked(both, newKeys())).toHaveLength(1);
  });

  test('the address of this machine is not asked unless the policy admits it', async () => {
    const found = await problem(question(registry.address, { privateAddresses: false }));
    expect(found).toMatch(/Cannot fetch the signatures .*on this machine or in a private network/);
  });
});

describe.skipIf(missing !== undefined)(`in a registry with a login ${missing ?? ''}`, () => {
  let registry: ImageRegistry;
  beforeAll(async () => void (registry = await startRegistry({ login: true })));
  afterAll(() => registry.stop());

  test('they are found with it, and not without or with another', async () => {
    const keys = newKeys();
    await new Signer(registry.address, 'team/echo').sign(DIGEST, payloadOf(DIGEST), keys);
    const found = await fetchSignatures(
      question(registry.address, { account: CREDENTIALS }),
      NEVER,
    );
    expect(await checked(found, keys)).toEqual([]);
    expect(await problem(question(registry.address))).toContain('the registry asks for a login');
    const account = { username: 'ada', password: 'opensesame-and-nothing-else' };
    const refused = await problem(question(registry.address, { account }));
    expect(refused).toContain('the registry asks for a login');
    expect(refused).not.toContain(account.password);
  });
});

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry that does as the test says. */
async function odd(serve: Serve): Promise<string> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a registry that', () => {
  test('wants a token gets the login where it says, and the token', async () => {
    const seen: string[] = [];
    const address: string = await odd(({ url = '', headers }, response) => {
      seen.push(`${url} ${headers.authorization ?? 'nobody'}`);
      if (url.startsWith('/token')) return response.end('{"token":"t0ken"}');
      const realm = `Bearer realm="http://${address}/token",service="s",scope="repository:x:push"`;
      if (headers.authorization === 'Bearer t0ken') response.writeHead(404).end();
      else response.writeHead(401, { 'www-authenticate': realm }).end();
    });
    expect(await fetchSignatures(question(address, { account: CREDENTIALS }), NEVER)).toEqual([]);
    const basic = Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64');
    const asked = '/token?service=s&scope=repository%3Ateam%2Fecho%3Apull';
    expect(seen[0]).toContain('.sig nobody');
    expect(seen[1]).toBe(`${asked} Basic ${basic}`);
    expect(seen.slice(2).every((line) => line.endsWith('Bearer t0ken'))).toBe(true);
  });

  test('leads elsewhere is followed, without its login', async () => {
    const seen: (string | undefined)[] = [];
    const other = await odd(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(404).end();
    });
    const address = await odd(({ url = '', headers }, response) => {
      if (headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      } else response.writeHead(307, { location: `http://${other}${url}` }).end();
    });
    expect(await fetchSignatures(question(address, { account: CREDENTIALS }), NEVER)).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });

  test.each<[string, Serve, string]>([
    ['leads in circles', (_, to) => to.writeHead(307, { location: '/x' }).end(), 'to the next'],
    [
      'leads to the metadata service of a cloud',
      (_, to) => to.writeHead(307, { location: 'https://169.254.169.254/' }).end(),
      'is not one of a server',
    ],
    [
      'leads to a server without TLS',
      (_, to) => to.writeHead(307, { location: 'http://192.0.2.1/' }).end(),
      'not TLS',
    ],
    [
      'leads to a file',
      (_, to) => to.writeHead(307, { location: 'file:///etc/x' }).end(),
      'not TLS',
    ],
    ['fails', (_, to) => to.writeHead(500).end(), 'it answered 500'],
    ['forbids', (_, to) => to.writeHead(403).end(), 'asks for a login'],
    ['hangs up', (from) => from.socket.destroy(), 'socket hang up'],
    ['says far too much', (_, to) => to.end(Buffer.alloc(2 * 1024 * 1024, ' ')), 'more than'],
    [
      'asks for a login in an unknown way',
      (_, to) => to.writeHead(401, { 'www-authenticate': 'Negotiate' }).end(),
      'in an unknown way',
    ],
    [
      'gets its tokens from a server that is away',
      ({ url = '' }, to) =>
        url.startsWith('/v2/')
          ? to.writeHead(401, { 'www-authenticate': 'Bearer realm="http://127.0.0.1:1/"' }).end()
          : to.end(),
      'ECONNREFUSED',
    ],
  ])('%s leaves the image not verified', async (_, serve, why) => {
    const found = await problem(question(await odd(serve)));
    expect(found).toContain('Cannot fetch the signatures of image');
    expect(found).toContain(why);
  });

  test('gives other bytes than those of the digest is not believed', async () => {
    const layer = {
      digest: digestOf('{}'),
      annotations: { 'dev.cosignproject.cosign/signature': 'AAAA' },
    };
    const address = await odd(({ url = '' }, response) =>
      response.end(url.endsWith('.sig') ? JSON.stringify({ layers: [layer] }) : '{"other":1}'),
    );
    expect(await problem(question(address))).toContain('not the bytes that it should');
  });

  test('never answers is let go when the work is called off', async () => {
    const called = new AbortController();
    const address = await odd(() => called.abort());
    expect(await problem(question(address), called.signal)).toContain('Cannot fetch');
  });
});
