import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Lookup } from '../../src/source/addresses.js';
import { anAuthority } from '../helpers/certificates.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import { GIT_HOST, aGitServer } from '../helpers/git-server.js';
import type { GitServer, GitServerOptions } from '../helpers/git-server.js';
import { CAPABILITIES, FLUSH, pkt } from '../helpers/pkt-line.js';
import { processesWith } from '../helpers/processes.js';
import { LIMITS, RULES, never, someSources } from '../helpers/sources.js';

const FAST = { lowSpeed: { bytesPerSecond: 1000, seconds: 1 } };

/** A server of a repository with one commit, and sources that trust it. */
async function aServer(options: GitServerOptions = {}) {
  const repository = aRepository({ 'a.txt': 'a' });
  const server = await aGitServer(repository, options);
  const sources = someSources({ caFile: server.caFile, ...FAST });
  return { repository, server, sources, commit: repository.git('rev-parse', 'main') };
}

/** What comes of asking a server for its branch, which it answers in this way. */
async function answeredWith(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<{ code: string; message: string; server: GitServer }> {
  const intercept = (request: IncomingMessage, response: ServerResponse): boolean => {
    answer(response, request);
    return true;
  };
  const { server, sources } = await aServer({ intercept });
  const code = await codeOf(sources.look(server.url));
  return { code, message: await messageOf(sources.look(server.url)), server };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end();

describe('a remote that cannot be reached', () => {
  test('nobody listens', async () => {
    const { server, sources, commit } = await aServer();
    await server.stop();
    expect(await messageOf(sources.look(server.url))).toMatch(
      /^Cannot look up branch "main" of "https:.*": Failed to connect.*; check the URL, the network and the server$/,
    );
    expect(await codeOf(sources.take(server.url, commit))).toBe('SOURCE_UNAVAILABLE');
  });

  test('there is no such host', async () => {
    const looked = someSources().look('https://nobody.test/a');
    expect(await messageOf(looked)).toBe(
      'Cannot find host "nobody.test": getaddrinfo ENOTFOUND nobody.test; check its name and the DNS of this machine',
    );
    expect(await codeOf(someSources().look('https://nobody.test/a'))).toBe('SOURCE_UNAVAILABLE');
  });

  test.each([
    ['an unknown authority', async () => ({ authority: await anAuthority() })],
    ['another name', async () => ({ names: ['other.test'] })],
  ])('its certificate is from or for %s', async (_, options) => {
    const { server, sources } = await aServer(await options());
    expect(await codeOf(sources.look(server.url))).toBe('SOURCE_UNAVAILABLE');
    expect(await messageOf(sources.look(server.url))).toContain(
      'have the server use a certificate of a trusted authority',
    );
    expect(server.requests).toEqual([]);
  });
});

describe('a remote that answers otherwise', () => {
  test.each([
    [401, 'SOURCE_UNAVAILABLE', 'the server asks for a login'],
    [403, 'SOURCE_UNAVAILABLE', 'the server asks for a login'],
    [404, 'SOURCE_NOT_FOUND', 'there is no such repository'],
    [410, 'SOURCE_UNAVAILABLE', 'The requested URL returned error: 410'],
    [429, 'SOURCE_UNAVAILABLE', 'The requested URL returned error: 429'],
    [500, 'SOURCE_UNAVAILABLE', 'The requested URL returned error: 500'],
  ])('with %i', async (number, code, why) => {
    const headers = { 'WWW-Authenticate': 'Basic realm="git"' };
    const answer = await answeredWith(status(number, number === 401 ? headers : {}));
    expect(answer.code).toBe(code);
    expect(answer.message).toContain(why);
  });

  test('with a redirection, which is not followed', async () => {
    const other = await aServer();
    const answer = await answeredWith((response, { url = '' }) => {
      const [, query = ''] = url.split('?');
      response.writeHead(302, { Location: `${other.server.url}/info/refs?${query}` }).end();
    });
    expect(answer.code).toBe('SOURCE_REFUSED');
    expect(answer.message).toContain('use the URL that it redirects to');
    expect(other.server.requests).toEqual([]);
  });

  test('with a page, which git takes for a repository without branches', async () => {
    const answer = await answeredWith((response) => void response.end('<html>hello</html>'));
    expect(answer.code).toBe('SOURCE_NOT_FOUND');
    expect(answer.message).toContain('there is no such branch or tag');
  });

  test('with what is cut off', async () => {
    const answer = await answeredWith((response) => {
      response.writeHead(200, { 'Content-Type': 'application/x-git-upload-pack-advertisement' });
      response.end(CAPABILITIES.subarray(0, 60));
    });
    expect(answer.code).toMatch(/^SOURCE_(?:REFUSED|UNAVAILABLE)$/);
  });

  test('with text that could deceive a terminal', async () => {
    const answer = await answeredWith((response) => {
      response.writeHead(200, { 'Content-Type': 'application/x-git-upload-pack-advertisement' });
      response.end(
        Buffer.concat([
          pkt('# service=git-upload-pack\n'),
          FLUSH,
          pkt(
            'ERR \u001b[31mowned\u001b[0m \u001b]0;title\u0007 see https://ada:s3cr3t@h/\r\u202e',
          ),
        ]),
      );
    });
    expect(answer.code).toBe('SOURCE_UNAVAILABLE');
    expect(answer.message).toMatch(/owned.*title.* see URL/);
    expect(answer.message).not.toMatch(/\p{Cc}|\p{Cf}|s3cr3t/u);
  });
});

describe('a remote that takes its time', () => {
  test('it takes the connection and never answers', async () => {
    const answer = await answeredWith(() => undefined);
    expect(answer.code).toBe('SOURCE_UNAVAILABLE');
    expect(answer.message).toContain('Operation too slow');
  });

  test('it drips', async () => {
    const answer = await answeredWith((response) => {
      response.writeHead(200, { 'Content-Type': 'application/x-git-upload-pack-advertisement' });
      const timer = setInterval(() => response.write('0'), 100);
      response.on('close', () => clearInterval(timer));
    });
    expect(answer.code).toBe('SOURCE_UNAVAILABLE');
    expect(answer.message).toContain('Operation too slow');
  });

  test('it takes longer than a fetch may', async () => {
    const { server, sources, commit } = await aServer({ intercept: () => true });
    const location = { repoUrl: server.url, branch: 'main', commit: '' };
    const patient = someSources({ caFile: server.caFile });
    const limits = { ...LIMITS, timeoutMs: 300 };
    const fetched = patient.fetch(location, commit, { rules: RULES, limits }, vi.fn(), never());
    expect(await messageOf(fetched)).toContain('it was not done in time');
    expect(await codeOf(sources.take(server.url, commit, { timeoutMs: 300 }))).toBe(
      'SOURCE_UNAVAILABLE',
    );
  });

  test('it never ends', async () => {
    const line = pkt(`${'a'.repeat(40)} refs/heads/${'x'.repeat(1000)}\n`);
    const endless = Buffer.concat(Array.from({ length: 100 }, () => line));
    const intercept = ({ method }: IncomingMessage, response: ServerResponse): boolean => {
      if (method === 'GET') return false;
      response.writeHead(200, { 'Content-Type': 'application/x-git-upload-pack-result' });
      const more = (): void => {
        while (!response.destroyed && response.write(endless)) continue;
      };
      response.on('drain', more);
      more();
      return true;
    };
    const { server } = await aServer({ intercept });
    const sources = someSources({ caFile: server.caFile, maxMemory: 64 * 1024 * 1024 });
    expect(await codeOf(sources.look(server.url))).toBe('SOURCE_TOO_LARGE');
  });
});

describe('cancelling', () => {
  test('ends all processes of git', async () => {
    const { server, sources, commit } = await aServer({ intercept: () => true });
    const cancel = new AbortController();
    onTestFinished(() => cancel.abort());
    const location = { repoUrl: server.url, branch: 'main', commit: '' };
    const options = { rules: RULES, limits: LIMITS };
    const fetched = codeOf(sources.fetch(location, commit, options, vi.fn(), cancel.signal));
    const looked = codeOf(sources.resolve(location, RULES, cancel.signal));
    await vi.waitFor(() => expect(server.requests).toHaveLength(2), { timeout: 30_000 });
    expect(processesWith(server.url).join('\n')).toContain('remote-https');
    cancel.abort();
    expect(await Promise.all([fetched, looked])).toEqual([
      'SOURCE_UNAVAILABLE',
      'SOURCE_UNAVAILABLE',
    ]);
    expect(processesWith(server.url)).toEqual([]);
  });

  test('does not wait for the turn of another', async () => {
    const { server, sources, commit } = await aServer({ intercept: () => true });
    const cancelFirst = new AbortController();
    onTestFinished(() => cancelFirst.abort());
    const location = { repoUrl: server.url, branch: 'main', commit: '' };
    const options = { rules: RULES, limits: LIMITS };
    const fetch = (signal: AbortSignal) =>
      messageOf(sources.fetch(location, commit, options, vi.fn(), signal));
    const first = fetch(cancelFirst.signal);
    const cancelSecond = new AbortController();
    const second = fetch(cancelSecond.signal);
    await vi.waitFor(() => expect(server.requests).not.toEqual([]), { timeout: 30_000 });
    cancelSecond.abort();
    expect(await second).toContain('it was cancelled');
    cancelFirst.abort();
    expect(await first).toContain('it was cancelled');
  });
});

describe('rebinding', () => {
  test('git connects to the address that was checked, and asks nobody again', async () => {
    const { server, commit } = await aServer();
    const lookup = vi.fn<Lookup>(async () => ['127.0.0.1']);
    const sources = someSources({ caFile: server.caFile, lookup });
    // No DNS has the name: without the pinned address this could not work.
    expect(await codeOf(sources.take(server.url, commit))).toBe('none');
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  test('a name that turns to a private address is refused', async () => {
    const { server, commit } = await aServer();
    const lookup = async (): Promise<string[]> => ['8.8.8.8', '127.0.0.1'];
    const sources = someSources({ caFile: server.caFile, lookup });
    const location = { repoUrl: server.url, branch: 'main', commit: '' };
    const rules = { ...RULES, privateAddresses: false };
    const options = { rules, limits: LIMITS };
    const fetched = sources.fetch(location, commit, options, vi.fn(), never());
    expect(await codeOf(fetched)).toBe('SOURCE_REFUSED');
    expect(server.requests).toEqual([]);
  });

  test('this machine is refused by default, whatever it is called', async () => {
    const { server, sources } = await aServer();
    const rules = { ...RULES, privateAddresses: false };
    const at = (host: string) => server.url.replace(GIT_HOST, host);
    for (const host of [GIT_HOST, '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '0.0.0.0']) {
      const location = { repoUrl: at(host), branch: 'main', commit: '' };
      expect(await codeOf(sources.resolve(location, rules, never()))).toBe('SOURCE_REFUSED');
    }
    expect(server.requests).toEqual([]);
  });
});
