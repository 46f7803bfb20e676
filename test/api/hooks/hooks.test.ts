import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isSignedWith } from '../../../src/api/hooks/signature.js';
import { repositoryKey } from '../../../src/plan/updates/repository-key.js';
import { auditOf } from '../../helpers/audit.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { IDLE } from '../../helpers/idle-operations.js';
import { openTestApi } from '../test-api.js';
import { startTestServer } from '../test-server.js';

const KEY = Buffer.from('a key that nobody guesses');
const NOW = Date.parse('2026-01-05T12:00:00Z');
const REPOSITORY = 'https://git.example.org/Ada/web.git';
const BODY = JSON.stringify({ ref: 'refs/heads/main', repository: { clone_url: REPOSITORY } });

const hex = (body: string, key = KEY): string =>
  createHmac('sha256', key).update(body).digest('hex');

const standard = (body: string, at: number, key = KEY): Record<string, string> => {
  const time = String(at / 1000);
  const signature = createHmac('sha256', key).update(`id-1.${time}.${body}`).digest('base64');
  return {
    ...{ 'webhook-id': 'id-1', 'webhook-timestamp': time },
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} v1,${signature}`,
  };
};

describe('a push is signed', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['by GitHub', { 'x-hub-signature-256': `sha256=${hex(BODY)}` }, true],
    ['by Gitea', { 'x-gitea-signature': hex(BODY) }, true],
    ['by GitLab, with its token', { 'x-gitlab-token': KEY.toString() }, true],
    ['by GitLab, with its signature', standard(BODY, NOW), true],
    ['by nobody', {}, false],
    ['with another key', { 'x-hub-signature-256': `sha256=${hex(BODY, Buffer.from('b'))}` }, false],
    ['for another body', { 'x-hub-signature-256': `sha256=${hex(`${BODY} `)}` }, false],
    ['with half a signature', { 'x-hub-signature-256': `sha256=${hex(BODY).slice(0, 32)}` }, false],
    ['with SHA-1 only', { 'x-hub-signature': `sha1=${hex(BODY)}` }, false],
    ['with no text', { 'x-gitea-signature': '' }, false],
    ['with another token', { 'x-gitlab-token': `${KEY.toString()}!` }, false],
    ['ten minutes ago', standard(BODY, NOW - 600_000), false],
    ['at no time', { ...standard(BODY, NOW), 'webhook-timestamp': 'now' }, false],
    [
      'wrongly in a way that a right token does not mend',
      { 'x-hub-signature-256': hex('x'), 'x-gitlab-token': KEY.toString() },
      false,
    ],
  ])('%s', (_, headers, isSigned) => {
    expect(isSignedWith({ headers, body: Buffer.from(BODY), now: NOW }, KEY)).toBe(isSigned);
  });

  it('with a key that is written as GitLab shows it', () => {
    const key = Buffer.from(`whsec_${KEY.toString('base64')}`);
    const push = { headers: standard(BODY, NOW), body: Buffer.from(BODY), now: NOW };
    expect(isSignedWith(push, key)).toBe(true);
  });

  it('with no key by nobody', () => {
    const headers = { 'x-gitlab-token': '' };
    expect(isSignedWith({ headers, body: Buffer.alloc(0), now: NOW }, Buffer.alloc(0))).toBe(false);
  });
});

it.each([
  ['https://git.example.org/Ada/web.git', 'git.example.org/ada/web'],
  ['https://ada:pw@git.example.org:8443/ada/web/', 'git.example.org/ada/web'],
  ['git@git.example.org:ada/web.git', 'git.example.org/ada/web'],
  ['ssh://git@git.example.org:22/ada/web.git', 'git.example.org/ada/web'],
  ['file:///srv/web.git', '/srv/web'],
  ['nothing', ''],
  ['', ''],
  [`https://${'a'.repeat(3000)}/x`, ''],
])('the repository of %s', (address, key) => {
  expect(repositoryKey(address)).toBe(key);
});

async function withHook() {
  const seen: string[][] = [];
  const clock = new FakeClock(NOW);
  const pushed = (repositories: readonly string[], isSigned: (key: Buffer) => boolean): boolean => {
    seen.push([...repositories]);
    return isSigned(KEY) && repositories.includes(REPOSITORY);
  };
  const api = await openTestApi({ clock, operations: { ...IDLE, pushed } });
  const send = (body: string | Buffer, headers: Record<string, string>) =>
    api.call('POST', '/hooks/git', { body, headers: { authorization: '', ...headers } });
  return { api, seen, clock, send };
}

describe('POST /hooks/git', () => {
  const signed = (body: string) => ({ 'x-hub-signature-256': `sha256=${hex(body)}` });

  it('takes a push as JSON or as a form, without a token', async () => {
    const { seen, send } = await withHook();
    expect((await send(BODY, signed(BODY))).code).toBe(202);
    const form = `payload=${encodeURIComponent(BODY)}`;
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await send(form, { ...signed(form), ...type })).code).toBe(202);
    expect(seen).toEqual([[REPOSITORY], [REPOSITORY]]);
  });

  it('answers the same to all that is wrong, and notes it', async () => {
    const { api, send } = await withHook();
    const other = BODY.replace('web', 'other');
    const answers = [
      await send(BODY, {}),
      await send(BODY, { 'x-hub-signature-256': hex('x') }),
      await send(other, signed(other)),
      await send('no JSON', signed('no JSON')),
      await send('', {}),
      await send('[[]]', signed('[[]]')),
    ];
    expect(answers.map(({ code }) => code)).toEqual(answers.map(() => 401));
    expect(new Set(answers.map(({ body }) => body.message)).size).toBe(1);
    expect((await auditOf(api.registry)).length).toBeGreaterThan(0);
  });

  it('takes one over the socket, where there is no address', async () => {
    const { api } = await withHook();
    const { socketPath } = await startTestServer(api);
    const headers = { 'content-type': 'application/json', ...signed(BODY) };
    const sent = request({ socketPath, method: 'POST', path: '/hooks/git', headers }).end(BODY);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(202);
  });

  it('does not read more than a megabyte', async () => {
    const { seen, send } = await withHook();
    expect((await send(Buffer.alloc(1024 * 1024 + 1), {})).code).toBe(413);
    expect(seen).toEqual([]);
  });

  it('takes only so many of one address', async () => {
    const { clock, send } = await withHook();
    const codes: number[] = [];
    for (let count = 0; count < 31; count += 1) codes.push((await send(BODY, signed(BODY))).code);
    expect(codes.slice(0, 30)).toEqual(Array(30).fill(202));
    expect(codes[30]).toBe(429);
    await clock.advance(1000);
    expect((await send(BODY, signed(BODY))).code).toBe(202);
  });
});
