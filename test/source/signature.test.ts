import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureGpg } from '../../bin/lib/test-clients.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { COMMITTED_AT, aRepository } from '../helpers/git-repository.js';
import type { TestRepository } from '../helpers/git-repository.js';
import { aGpgKey, anSshKey } from '../helpers/signing.js';
import type { GpgKey } from '../helpers/signing.js';
import { never, someSources } from '../helpers/sources.js';
import type { CommitSignature } from '../../src/model/commit-signature.js';
import type { Signer } from '../../src/model/policy.js';

beforeAll(async () => void (await ensureGpg()));

async function check(
  repository: TestRepository,
  commit: string,
  keys: readonly Signer[],
): Promise<CommitSignature> {
  const sources = someSources();
  await sources.take(repository.url, commit);
  const location = { repoUrl: repository.url, branch: 'main', commit: '' };
  const signature = await sources.signature(location, commit, keys, never());
  expect(readdirSync(join(sources.dataDir, 'source', 'keyrings'))).toEqual([]);
  return signature;
}

/** The same commit with other words, under the signature of the first. */
function forge(repository: TestRepository, commit: string): string {
  const object = repository.git('cat-file', 'commit', commit);
  const forged = `${object.replace('A change', 'Another change')}\n`;
  const id = repository.feed(forged, 'hash-object', '-t', 'commit', '-w', '--stdin');
  repository.git('update-ref', 'refs/heads/main', id);
  return id;
}

const ssh = (publicKey: string, name = 'ada'): Signer => ({ name, sshKey: publicKey });
const gpg = (publicKey: string, name = 'ada'): Signer => ({ name, gpgKey: publicKey });
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

test('a commit without a signature is unsigned', async () => {
  const repository = aRepository();
  const commit = repository.commit({ a: 'a' });
  expect(await check(repository, commit, [ssh(anSshKey().publicKey)])).toEqual({
    state: 'unsigned',
  });
});

describe('SSH', () => {
  test.each(['ed25519', 'ecdsa', 'rsa'] as const)('a good signature by %s', async (type) => {
    const { sign, publicKey, fingerprint } = anSshKey(type);
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign });
    const keys = [ssh(anSshKey().publicKey, 'somebody, else'), ssh(publicKey, 'Ada "the first"')];
    expect(await check(repository, commit, keys)).toEqual({
      ...{ state: 'good', method: 'ssh', signer: 'Ada "the first"', key: fingerprint },
    });
  });

  test('a repository with longer ids', async () => {
    const { sign, publicKey } = anSshKey();
    const repository = aRepository(undefined, 'sha256');
    const commit = repository.commit({ a: 'a' }, { sign });
    expect(await check(repository, commit, [ssh(publicKey)])).toMatchObject({ state: 'good' });
  });

  test('a key that is not among those that were given is unknown', async () => {
    const { sign, fingerprint } = anSshKey();
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign });
    const unknown = { state: 'unknownKey', method: 'ssh', key: fingerprint };
    expect(await check(repository, commit, [])).toEqual(unknown);
    expect(await check(repository, commit, [ssh(anSshKey().publicKey)])).toEqual(unknown);
    expect(await check(repository, commit, [gpg(aGpgKey().publicKey)])).toEqual(unknown);
  });

  test('a signature of something else is bad', async () => {
    const { sign, publicKey } = anSshKey();
    const repository = aRepository();
    const forged = forge(repository, repository.commit({ a: 'a' }, { sign }));
    expect(await check(repository, forged, [ssh(publicKey)])).toMatchObject({ state: 'bad' });
    expect(await check(repository, forged, [])).toMatchObject({ state: 'bad' });
  });

  test('a key counts only while it is valid', async () => {
    const { sign, publicKey, fingerprint } = anSshKey();
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign });
    const [before, after] = [iso(COMMITTED_AT - 1), iso(COMMITTED_AT + 1)];
    const state = async (times: Partial<Signer>): Promise<string> =>
      (await check(repository, commit, [{ ...ssh(publicKey), ...times }])).state;
    expect(await state({ validAfter: before, validBefore: after })).toBe('good');
    expect(await state({ validAfter: iso(COMMITTED_AT) })).toBe('good');
    expect(await state({ validBefore: iso(COMMITTED_AT) })).toBe('expiredKey');
    expect(await state({ validAfter: after })).toBe('expiredKey');
    expect(await check(repository, commit, [{ ...ssh(publicKey), validBefore: before }])).toEqual({
      ...{ state: 'expiredKey', method: 'ssh', signer: 'ada', key: fingerprint },
      message: 'the key was not valid on 2025-01-02T03:04:05Z, when the commit was made',
    });
  });
});

describe('GPG', () => {
  test('a good signature', async () => {
    const { sign, publicKey, fingerprint } = aGpgKey();
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign });
    const keys = [gpg(aGpgKey().publicKey, 'somebody'), gpg(publicKey)];
    expect(await check(repository, commit, keys)).toEqual({
      ...{ state: 'good', method: 'gpg', signer: 'ada', key: fingerprint },
    });
  });

  test('a key that is not among those that were given is unknown', async () => {
    const { sign, fingerprint } = aGpgKey();
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign });
    const unknown = { state: 'unknownKey', method: 'gpg', key: fingerprint };
    expect(await check(repository, commit, [])).toEqual(unknown);
    expect(await check(repository, commit, [gpg(aGpgKey().publicKey)])).toEqual(unknown);
  });

  test('a signature of something else is bad', async () => {
    const { sign, publicKey } = aGpgKey();
    const repository = aRepository();
    const forged = forge(repository, repository.commit({ a: 'a' }, { sign }));
    expect(await check(repository, forged, [gpg(publicKey)])).toMatchObject({ state: 'bad' });
  });

  test('a key that has expired', async () => {
    // It is real: made in 2020, for half a year.
    const { sign, publicKey, fingerprint } = aGpgKey({
      ...{ at: '20200101T000000', expires: '20200601T000000' },
    });
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign });
    expect(await check(repository, commit, [gpg(publicKey)])).toEqual({
      ...{ state: 'expiredKey', method: 'gpg', signer: 'ada', key: fingerprint },
      message: 'the key has expired',
    });
  });

  test('a key that was revoked', async () => {
    const key = aGpgKey();
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign: key.sign });
    expect(await check(repository, commit, [gpg(key.revoke().publicKey)])).toEqual({
      ...{ state: 'revokedKey', method: 'gpg', signer: 'ada', key: key.fingerprint },
      message: 'the key was revoked',
    });
  });
});

describe('what cannot be checked', () => {
  test('a signature of another kind', async () => {
    const repository = aRepository();
    const commit = repository.git('rev-parse', repository.commit({ a: 'a' }));
    const [head, ...rest] = repository.git('cat-file', 'commit', commit).split('\n\n');
    const armor = '-----BEGIN SIGNED MESSAGE-----\n MIIB\n -----END SIGNED MESSAGE-----';
    const signed = `${head}\ngpgsig ${armor}\n\n${rest.join('\n\n')}\n`;
    const id = repository.feed(signed, 'hash-object', '-t', 'commit', '-w', '--stdin');
    repository.git('update-ref', 'refs/heads/main', id);
    expect(await check(repository, id, [])).toEqual({
      state: 'unverifiable',
      message: 'the signature is neither of SSH nor of GPG',
    });
  });

  test.each([
    ['nothing', () => ''],
    ['nonsense', () => 'hello'],
    ['a private key', (key: GpgKey) => key.privateKey()],
    ['half a key', ({ publicKey }: GpgKey) => publicKey.slice(0, 200)],
    ['another kind of key', () => anSshKey().publicKey],
  ])('%s instead of a GPG key', async (_, text) => {
    const key = aGpgKey();
    const repository = aRepository();
    const commit = repository.commit({ a: 'a' }, { sign: key.sign });
    const checked = check(repository, commit, [gpg(text(key))]);
    expect(await messageOf(checked)).toMatch(/^Cannot use the GPG key of "ada": write an armored/);
  });

  test('a commit that was not fetched', async () => {
    const repository = aRepository({ a: 'a' });
    const location = { repoUrl: repository.url, branch: 'main', commit: '' };
    const commit = repository.git('rev-parse', 'main');
    const checked = someSources().signature(location, commit, [], never());
    expect(await codeOf(checked)).toBe('SOURCE_NOT_FOUND');
  });
});
