import { base64url, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { trustIssuer } from '../../../../src/api/access/oidc/issuer.js';
import type { Issuer } from '../../../../src/api/access/oidc/issuer.js';
import { silentLog } from '../../../../src/lib/log.js';
import type { OidcSettings } from '../../../../src/model/oidc-settings.js';
import { codeOf, messageOf } from '../../../helpers/code-of.js';
import { FakeClock } from '../../../helpers/fake-clock.js';
import { AUDIENCE, OidcIssuer } from '../../../helpers/oidc-issuer.js';

const HOUR = 3_600_000;

let clock: FakeClock;
let issuer: OidcIssuer;
let trusted: Issuer;

const settingsFor = (url: string, more: Partial<OidcSettings> = {}): OidcSettings => ({
  ...{ issuer: url, audience: AUDIENCE, usernameClaim: 'sub', roleClaim: 'registrar_role' },
  modulesClaim: undefined,
  ...more,
});
const trust = (more: Partial<OidcSettings> = {}): Issuer =>
  trustIssuer(settingsFor(issuer.url, more), clock, silentLog);
const token = (...[claims, more]: Parameters<OidcIssuer['token']>): Promise<string> =>
  issuer.token(claims, { now: clock.now(), ...more });
const seconds = (): number => Math.floor(clock.now() / 1000);

beforeEach(async () => {
  clock = new FakeClock();
  issuer = await new OidcIssuer().start();
  trusted = trust();
});

describe('a token of the issuer', () => {
  it('says who its holder is', async () => {
    expect(await trusted(await token({ sub: 'ada', registrar_role: 'operator' }))).toEqual({
      ...{ name: 'oidc:ada', uid: 'ada', role: 'operator', modules: ['*'], exec: false },
      ...{ groups: ['system:authenticated', 'registrar:operator'], source: 'oidc' },
      expiresAtMs: clock.now() + HOUR + 60_000,
    });
  });

  it.each(['RS256', 'PS384', 'ES512', 'Ed25519'])('may be signed with %s', async (alg) => {
    await issuer.addKey('other', alg);
    expect(await trusted(await token())).toMatchObject({ name: 'oidc:ada' });
  });

  it('may name its holder, role and modules in claims of its own', async () => {
    const own = trust({ usernameClaim: 'email', roleClaim: 'role', modulesClaim: 'mods' });
    const claims = { email: 'ada@example.org', role: 'operator', mods: ['miner-*', 'web'] };
    expect(await own(await token(claims))).toMatchObject({
      ...{ name: 'oidc:ada@example.org', role: 'operator', modules: ['miner-*', 'web'] },
    });
    expect(await own(await token({ ...claims, mods: 'web' }))).toMatchObject({ modules: ['web'] });
    expect(await own(await token({ ...claims, mods: undefined }))).toMatchObject({ modules: [] });
    expect(await own(await token({ ...claims, role: 'admin' }))).toMatchObject({ modules: ['*'] });
  });

  it('is never one of our own identities', async () => {
    const holder = await trusted(await token({ sub: 'admin', registrar_role: 'viewer' }));
    expect(holder).toMatchObject({ name: 'oidc:admin', role: 'viewer' });
  });

  it.each([
    ['without a role', { registrar_role: undefined }],
    ['with a role there is not', { registrar_role: 'root' }],
    ['with several roles', { registrar_role: ['viewer', 'admin'] }],
    ['without a name', { sub: undefined }],
    ['with a name that is empty', { sub: '' }],
    ['with a name that deceives', { sub: 'ada\u202e' }],
    ['with a name that is long', { sub: 'a'.repeat(201) }],
    ['for somebody else', { aud: 'another' }],
    ['without an audience', { aud: undefined }],
    ['without an end', { exp: undefined }],
  ])('%s is refused', async (_what, claims) => {
    expect(await codeOf(trusted(await token(claims)))).toBe('UNAUTHORIZED');
  });

  it.each([
    [(): object => ({ exp: seconds() - 61 }), 'UNAUTHORIZED'],
    [(): object => ({ exp: seconds() - 59 }), 'none'],
    [(): object => ({ nbf: seconds() + 61 }), 'UNAUTHORIZED'],
    [(): object => ({ nbf: seconds() + 59 }), 'none'],
  ])('counts within a minute of %s', async (claims, code) => {
    expect(await codeOf(trusted(await token(claims() as Record<string, number>)))).toBe(code);
  });

  it('says that it has expired', async () => {
    const message = await messageOf(trusted(await token({ exp: seconds() - HOUR })));
    expect(message).toBe('Unauthorized: the token has expired');
  });

  it.each(['[a-z]', 'a b', 7])('with the module %j is refused', async (pattern) => {
    const own = trust({ modulesClaim: 'mods' });
    const claims = { registrar_role: 'operator', mods: [pattern] };
    expect(await codeOf(own(await token(claims)))).toBe('UNAUTHORIZED');
  });
});

describe('what is no token of the issuer', () => {
  it.each([
    ['nothing', async () => ''],
    ['a word', async () => 'secret'],
    ['three words', async () => 'a.b.c'],
    ['a token of another issuer', () => token({ iss: 'https://elsewhere.example' })],
    ['a token that is huge', () => token({ padding: 'x'.repeat(9000) })],
  ])('is left to others: %s', async (_what, make) => {
    expect(await trusted(await make())).toBeUndefined();
    expect(issuer.asked).toBe(0);
  });

  it('is refused when the key is not the one it names', async () => {
    const other = await new OidcIssuer().start();
    const forged = await other.token({ iss: issuer.url }, { now: clock.now() });
    expect(await codeOf(trusted(forged))).toBe('UNAUTHORIZED');
  });

  it('is refused without a signature, or with one that anybody can make', async () => {
    const [, payload = ''] = (await token()).split('.');
    const head = base64url.encode(JSON.stringify({ alg: 'none' }));
    expect(await codeOf(trusted(`${head}.${payload}.`))).toBe('UNAUTHORIZED');
    const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'ada', registrar_role: 'admin' };
    const shared = await new SignJWT({ ...claims, exp: seconds() + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(new TextEncoder().encode('a secret of at least 32 characters'));
    expect(await codeOf(trusted(shared))).toBe('UNAUTHORIZED');
  });

  it('is refused when a letter of it was changed', async () => {
    const [head, payload = '', signature] = (await token()).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const changed = base64url.encode(JSON.stringify({ ...claims, registrar_role: 'admin' }));
    expect(await codeOf(trusted(`${head}.${changed}.${signature}`))).toBe('UNAUTHORIZED');
  });
});

describe('the keys of the issuer', () => {
  it('are asked for once', async () => {
    const good = await token();
    await Promise.all([trusted(good), trusted(good), trusted(good)]);
    await trusted(good);
    expect(issuer.asked).toBe(1);
  });

  it('may be new, which is looked at once in half a minute', async () => {
    await trusted(await token());
    await issuer.addKey('second');
    const signed = await token();
    expect(await codeOf(trusted(signed))).toBe('UNAUTHORIZED');
    await clock.advance(30_000);
    expect(await trusted(signed)).toMatchObject({ name: 'oidc:ada' });
    expect(issuer.asked).toBe(2);
  });

  it('stay good while the issuer is away, for a day', async () => {
    const good = await token({ exp: seconds() + 2 * 86_400 });
    await trusted(good);
    issuer.mode = 'fails';
    await clock.advance(23 * HOUR);
    expect(await trusted(good)).toMatchObject({ name: 'oidc:ada' });
    await clock.advance(HOUR);
    expect(await codeOf(trusted(good))).toBe('ISSUER_UNAVAILABLE');
    issuer.mode = 'well';
    await clock.advance(30_000);
    expect(await trusted(good)).toMatchObject({ name: 'oidc:ada' });
  });

  it('are forgotten when the issuer has them no more', async () => {
    const good = await token({ exp: seconds() + 86_400 });
    await trusted(good);
    await issuer.addKey('second');
    issuer.forgetOldKeys();
    await clock.advance(11 * 60_000);
    await trusted(good);
    await expect.poll(() => codeOf(trusted(good))).toBe('UNAUTHORIZED');
    expect(issuer.asked).toBe(2);
  });

  it.each(['fails', 'huge', 'wrong issuer', 'redirects', 'no keys'] as const)(
    'are not known when the issuer answers so: %s',
    async (mode) => {
      issuer.mode = mode;
      const good = await token();
      expect(await codeOf(trusted(good))).toBe('ISSUER_UNAVAILABLE');
      issuer.mode = 'well';
      expect(await codeOf(trusted(good))).toBe('ISSUER_UNAVAILABLE');
      await clock.advance(30_000);
      expect(await codeOf(trusted(good))).toBe('none');
    },
  );
});

describe('trustIssuer()', () => {
  it.each([
    'http://issuer.example.org',
    'http://10.0.0.1',
    'http://127.0.0.1.example.org',
    'https://user:secret@issuer.example.org',
    'https://issuer.example.org/#x',
    'ftp://127.0.0.1',
    'issuer',
    '',
  ])('does not trust %s', (url) => {
    expect(() => trustIssuer(settingsFor(url), clock, silentLog)).toThrow(/must be an https URL/);
  });

  it.each(['https://issuer.example.org/realms/x', 'http://localhost:8080', 'http://[::1]:8080'])(
    'trusts %s, and asks for nothing yet',
    (url) => {
      expect(trustIssuer(settingsFor(url), clock, silentLog)).toBeTypeOf('function');
    },
  );
});
