import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { isSecret } from '../../../src/kinds/token/secret.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';
import { openWatch, startTestServer } from '../test-server.js';
import { bearer, makeToken, tokenManifest, TOKENS } from './test-tokens.js';

const list = (api: TestApi, secret: string): Promise<Answer> =>
  api.call('GET', MODULES, { headers: bearer(secret) });
const codeFor = async (api: TestApi, secret: string): Promise<number> =>
  (await list(api, secret)).code;
const create = (api: TestApi, secret: string, name: string): Promise<Answer> =>
  api.call('POST', MODULES, { body: aModule(name), headers: bearer(secret) });
const change = (api: TestApi, name: string, spec: object): Promise<Answer> =>
  api.call('PATCH', `${TOKENS}/${name}`, {
    body: { spec },
    headers: { 'content-type': MERGE_PATCH },
  });

describe('a new token', () => {
  it('shows its secret once, and stores the hash alone', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const api = await openTestApi({ log });
    const watch = await openWatch(await startTestServer(api), `${TOKENS}?watch=true`);
    const secret = await makeToken(api, 'ci');
    expect(isSecret(secret)).toBe(true);
    const seen = JSON.stringify([
      (await watch.next())?.object,
      (await api.call('GET', TOKENS)).body,
      (await api.call('GET', `${TOKENS}/ci`)).body,
      (await change(api, 'ci', { role: 'operator' })).body,
      lines,
    ]);
    expect(seen).toContain('sha256');
    expect(seen).not.toContain(secret.slice(4, 20));
    const reopened = await api.store.reopen();
    expect(JSON.stringify(reopened.list('Token').items)).not.toContain(secret.slice(4, 20));
  });

  it('has none in a dry run', async () => {
    const api = await openTestApi();
    const body = tokenManifest('ci');
    const answer = await api.call('POST', `${TOKENS}?dryRun=All`, { body });
    expect([answer.code, answer.body.status]).toEqual([201, { hashes: [] }]);
    expect((await api.call('GET', `${TOKENS}/ci`)).code).toBe(404);
  });

  it('does not take a secret or a hash that a client chose', async () => {
    const api = await openTestApi();
    const hashes = [{ sha256: 'a'.repeat(64) }];
    const body = { ...tokenManifest('ci'), status: { token: 'mine', hashes } };
    const { body: made } = await api.call('POST', TOKENS, { body });
    expect(made.status.token).not.toBe('mine');
    await change(api, 'ci', {});
    await api.call('PATCH', `${TOKENS}/ci`, {
      body: { status: { hashes } },
      headers: { 'content-type': MERGE_PATCH },
    });
    expect((await api.call('GET', `${TOKENS}/ci`)).text).not.toContain('aaaa');
    expect((await api.call('PUT', `${TOKENS}/ci/status`, { body })).code).toBe(404);
  });

  it('works after a restart', async () => {
    const first = await openTestApi();
    const secret = await makeToken(first, 'ci');
    const registry = await first.store.reopen();
    const second = await openTestApi({ registry });
    expect(await codeFor(second, secret)).toBe(200);
  });
});

describe('a role', () => {
  it('says what its holder may do', async () => {
    const api = await openTestApi();
    const viewer = await makeToken(api, 'viewer');
    const operator = await makeToken(api, 'op', { role: 'operator', modules: ['miner-*'] });
    const admin = await makeToken(api, 'boss', { role: 'admin' });
    expect(await codeFor(api, viewer)).toBe(200);
    const refused = await create(api, viewer, 'miner-1');
    expect([refused.code, refused.body.reason, refused.body.details]).toEqual([
      ...[403, 'Forbidden'],
      { group: 'registrar.synapsis.network', kind: 'modules' },
    ]);
    expect((await create(api, operator, 'miner-1')).code).toBe(201);
    expect((await create(api, operator, 'web')).body).toMatchObject({
      code: 403,
      message:
        'modules.registrar.synapsis.network "web" is forbidden: User "op" cannot create resource "modules" in API group "registrar.synapsis.network" at the cluster scope: only modules named miner-* are allowed',
    });
    expect((await api.call('GET', TOKENS, { headers: bearer(operator) })).code).toBe(403);
    expect((await api.call('GET', TOKENS, { headers: bearer(admin) })).code).toBe(200);
    expect((await create(api, admin, 'web')).code).toBe(201);
  });

  it('changes at once', async () => {
    const api = await openTestApi();
    const secret = await makeToken(api, 'ci');
    expect((await create(api, secret, 'web')).code).toBe(403);
    await change(api, 'ci', { role: 'operator' });
    expect((await create(api, secret, 'web')).code).toBe(201);
    await change(api, 'ci', { modules: ['miner-*'] });
    expect((await create(api, secret, 'web2')).code).toBe(403);
  });
});

describe('a token that is revoked', () => {
  it('is refused also while a finalizer holds it', async () => {
    const api = await openTestApi();
    const secret = await makeToken(api, 'ci');
    await api.call('PATCH', `${TOKENS}/ci`, {
      body: { metadata: { finalizers: ['example.com/hold'] } },
      headers: { 'content-type': MERGE_PATCH },
    });
    expect(await codeFor(api, secret)).toBe(200);
    await api.call('DELETE', `${TOKENS}/ci`);
    expect((await api.call('GET', `${TOKENS}/ci`)).code).toBe(200);
    expect(await codeFor(api, secret)).toBe(401);
  });

  it('is refused at once, and again after the name is taken by another', async () => {
    const api = await openTestApi();
    const secret = await makeToken(api, 'ci');
    await api.call('DELETE', `${TOKENS}/ci`);
    const { code, body } = await list(api, secret);
    expect([code, body.reason]).toEqual([401, 'Unauthorized']);
    const other = await makeToken(api, 'ci');
    expect([await codeFor(api, secret), await codeFor(api, other)]).toEqual([401, 200]);
  });

  it.each([
    ['revoked', (api: TestApi) => api.call('DELETE', `${TOKENS}/ci`)],
    ['changed', (api: TestApi) => change(api, 'ci', { role: 'operator' })],
    ['rotated', (api: TestApi) => api.call('POST', `${TOKENS}/ci/rotate`)],
  ])('loses its open watches, as when it is %s', async (_how, act) => {
    const api = await openTestApi();
    const listening = await startTestServer(api);
    const other = await openWatch(listening, `${MODULES}?watch=true`);
    const secret = await makeToken(api, 'ci');
    const watch = await openWatch(listening, `${MODULES}?watch=true`, bearer(secret));
    await act(api);
    expect(await watch.rest()).toEqual([]);
    await api.call('POST', MODULES, { body: aModule('web') });
    expect(await other.take(1)).toEqual(['ADDED web']);
  });
});

describe('a token that ends', () => {
  it('is refused from then on, with its watches', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    const listening = await startTestServer(api);
    const secret = await makeToken(api, 'ci', { expiresAt: '2026-01-01T12:10:00Z' });
    const watch = await openWatch(listening, `${MODULES}?watch=true`, bearer(secret));
    await clock.advance(599_000);
    expect(await codeFor(api, secret)).toBe(200);
    await clock.advance(1000);
    const { code, body } = await list(api, secret);
    expect([code, body.message]).toEqual([
      ...[401, 'Unauthorized: the token "ci" ended at 2026-01-01T12:10:00Z: ask for another one'],
    ]);
    expect(await watch.rest()).toEqual([]);
  });
});

describe('a rotation', () => {
  it('gives another secret, and lets the earlier one live for the overlap', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    const first = await makeToken(api, 'ci');
    const rotate = (body?: unknown): Promise<Answer> =>
      api.call('POST', `${TOKENS}/ci/rotate`, { ...(body !== undefined && { body }) });
    const { code, body } = await rotate({ overlapSeconds: 60 });
    const second = body.status.token as string;
    expect([code, body.kind, second === first]).toEqual([201, 'Token', false]);
    expect([await codeFor(api, first), await codeFor(api, second)]).toEqual([200, 200]);
    await clock.advance(60_000);
    expect([await codeFor(api, first), await codeFor(api, second)]).toEqual([401, 200]);
    const third = (await rotate()).body.status.token as string;
    expect([await codeFor(api, second), await codeFor(api, third)]).toEqual([401, 200]);
  });

  it.each([
    [{ overlapSeconds: -1 }],
    [{ overlapSeconds: 1.5 }],
    [{ overlap: '1h' }],
    [[]],
    ['"x"'],
  ])('is refused with %j', async (body) => {
    const api = await openTestApi();
    await makeToken(api, 'ci');
    expect((await api.call('POST', `${TOKENS}/ci/rotate`, { body })).code).toBe(400);
  });

  it('of a token that is not there is not found', async () => {
    const api = await openTestApi();
    expect((await api.call('POST', `${TOKENS}/none/rotate`)).code).toBe(404);
  });

  it('changes nothing in a dry run', async () => {
    const api = await openTestApi();
    const secret = await makeToken(api, 'ci');
    const { text } = await api.call('POST', `${TOKENS}/ci/rotate?dryRun=All`);
    expect(text).not.toContain('rgt_');
    expect(await codeFor(api, secret)).toBe(200);
  });
});

describe('the last use of a token', () => {
  it('is noted at most once a minute, and ends no watch', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    const listening = await startTestServer(api);
    const secret = await makeToken(api, 'ci');
    const usedAt = (): string | undefined =>
      api.registry.get('Token', 'ci')?.object.status.lastUsedAt;
    const watch = await openWatch(listening, `${MODULES}?watch=true`, bearer(secret));
    await expect.poll(usedAt).toBe('2026-01-01T12:00:00Z');
    const { changes } = api.registry.stats;
    await clock.advance(59_000);
    await list(api, secret);
    expect([usedAt(), api.registry.stats.changes]).toEqual(['2026-01-01T12:00:00Z', changes]);
    await clock.advance(1000);
    await list(api, secret);
    await expect.poll(usedAt).toBe('2026-01-01T12:01:00Z');
    await create(api, await makeToken(api, 'op', { role: 'operator' }), 'web');
    expect(await watch.take(1)).toEqual(['ADDED web']);
  });
});
