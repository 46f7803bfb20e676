import { describe, expect, it } from 'vitest';
import { registryLogin, repositoryLogin } from '../../src/controller/preparation/credentials.js';
import { silentLog } from '../../src/lib/log.js';
import { draftOf } from '../../src/model/draft.js';
import type { ModuleSpec } from '../../src/model/module.js';
import { RegistrarError } from '../../src/model/errors.js';
import { createGitSources } from '../../src/source/git-sources.js';
import type { SourceCredentials, Sources } from '../../src/source/source.js';
import { aManifest, aSpec } from '../helpers/builders.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { writeSecret } from '../helpers/secrets.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

const IMAGE = 'ghcr.io/example/echo:1';
const USES: Partial<ModuleSpec> = { image: IMAGE, imagePullSecret: 'login' };
const LOGIN = { username: 'ada', password: 'canary-pass-5d20' };

const writeLogin = (loop: Pick<Loop, 'registry'>, registry: string, login = LOGIN) =>
  writeSecret(loop.registry, 'login', { registry, ...login }, { type: 'registry' });

async function withImage(): Promise<Loop> {
  const loop = await startLoop();
  loop.runtime.engine.publish(IMAGE);
  loop.runtime.engine.logins.set(IMAGE, LOGIN);
  return loop;
}

describe('an image that asks for a login', () => {
  it('is pulled with the login of its registry, which is kept nowhere', async () => {
    const loop = await withImage();
    await writeLogin(loop, 'https://GHCR.io/v2/');
    await loop.apply('web', USES);
    await loop.until(() => isReady(loop.module('web')));
    const kinds = ['Module', 'Revision', 'Report', 'Event', 'Secret'] as const;
    const stored = kinds.flatMap((kind) => loop.registry.list(kind).items.map(({ json }) => json));
    expect(stored.join()).not.toContain(LOGIN.password);
  });

  it('waits for a login that is missing, and is pulled when it comes', async () => {
    const loop = await withImage();
    await loop.apply('web', USES);
    await loop.until(() => readyReason(loop.module('web')) === 'SecretMissing');
    await writeLogin(loop, 'ghcr.io');
    await loop.until(() => isReady(loop.module('web')));
  });

  it('is pulled when a login that was wrong is right', async () => {
    const loop = await withImage();
    await writeLogin(loop, 'ghcr.io', { ...LOGIN, password: 'wrong' });
    await loop.apply('web', USES);
    await loop.until(() => readyReason(loop.module('web')) === 'ImageNotFound');
    await writeLogin(loop, 'ghcr.io');
    await loop.until(() => isReady(loop.module('web')));
  });

  it('is not needed any more once the image is there', async () => {
    const loop = await withImage();
    await writeLogin(loop, 'ghcr.io');
    await loop.apply('web', USES);
    await loop.until(() => isReady(loop.module('web')));
    await loop.registry.delete('Secret', 'login');
    await loop.apply('web', { ...USES, args: ['another revision'] });
    await loop.until(() => isReady(loop.module('web')));
  });
});

it('a repository that asks for a login is looked up and fetched with the key of its Secret', async () => {
  const seen: (SourceCredentials | undefined)[] = [];
  const dataDir = tempDataDir();
  const sources: Sources = {
    ...createGitSources({ dataDir, log: silentLog }),
    resolve: async (_location, _rules, _signal, credentials) => {
      seen.push(credentials);
      return { commit: '1'.repeat(40), ref: 'refs/heads/main' };
    },
    fetch: async (_location, _commit, { credentials }) => {
      seen.push(credentials);
      throw new RegistrarError('SOURCE_UNAVAILABLE', 'Far enough');
    },
  };
  const loop = await startLoop({ options: { sources } });
  const where = { repoUrl: 'ssh://git@github.com/a/b.git', branch: 'main', commit: '' };
  const source = { ...where, path: '.', dockerfile: 'Dockerfile', secret: 'key' };
  await loop.apply('web', { image: '', source });
  await loop.until(() => readyReason(loop.module('web')) === 'SecretMissing');
  expect(seen).toEqual([]);
  await writeSecret(loop.registry, 'key', { privateKey: 'a key' }, { type: 'ssh' });
  await loop.until(() => readyReason(loop.module('web')) === 'SourceUnavailable');
  expect(seen.slice(0, 2)).toEqual([
    { privateKey: Buffer.from('a key') },
    { privateKey: Buffer.from('a key') },
  ]);
});

const ELSEWHERE: unknown = {
  reason: 'SecretUnusable',
  message: expect.stringContaining('is for host "git.example" and the repository is on') as unknown,
};

describe('a login', () => {
  const moduleWith = async (
    { registry }: Pick<Loop, 'registry'>,
    spec: Partial<ModuleSpec>,
    name = 'web',
  ) => (await registry.create('Module', draftOf(aManifest(name, spec)))).stored.object;

  it.each([
    ['ghcr.io', 'docker.io/library/nginx:1'],
    ['ghcr.io', 'ghcr.io.example.org/echo:1'],
    ['ghcr.io', 'ghcr.io:444/example/echo:1'],
    ['example.org/ghcr.io', IMAGE],
    ['', IMAGE],
  ])('for registry "%s" is not sent for image %s', async (registry, image) => {
    const store = await openTempRegistry();
    await writeLogin(store, registry);
    const module = await moduleWith(store, { ...USES, image });
    const { credentials, problem } = registryLogin(module, image, store);
    expect(credentials).toBeUndefined();
    expect(problem).toMatchObject({ kind: 'waiting', reason: 'SecretUnusable' });
    expect(JSON.stringify(problem)).not.toContain(LOGIN.password);
  });

  it.each(['docker.io', 'index.docker.io', 'https://index.docker.io/v1/'])(
    'for "%s" is for images without a registry',
    async (registry) => {
      const store = await openTempRegistry();
      await writeLogin(store, registry);
      const module = await moduleWith(store, { ...USES, image: 'example/echo:1' });
      expect(registryLogin(module, 'example/echo:1', store)).toEqual({ credentials: LOGIN });
    },
  );

  it('must be of the type that is needed, and for the module', async () => {
    const store = await openTempRegistry();
    await writeSecret(store.registry, 'login', { username: 'ada' });
    const source = { ...{ repoUrl: 'ssh://git@r.example/a.git', branch: 'main', commit: '' } };
    const built = { ...source, path: '.', dockerfile: 'Dockerfile', secret: 'key' };
    const module = await moduleWith(store, { ...USES, source: built });
    expect(registryLogin(module, IMAGE, store).problem).toMatchObject({ reason: 'SecretUnusable' });
    expect(repositoryLogin(module, store).problem).toMatchObject({ reason: 'SecretMissing' });
    const key = { privateKey: 'a key', knownHosts: 'r.example ssh-ed25519 AAAA' };
    await writeSecret(store.registry, 'key', key, { type: 'ssh', modules: ['web'] });
    expect(repositoryLogin(module, store).credentials).toEqual({
      privateKey: Buffer.from(key.privateKey),
      knownHosts: Buffer.from(key.knownHosts),
    });
    const other = await moduleWith(store, { source: built }, 'other');
    expect(repositoryLogin(other, store).problem).toMatchObject({ reason: 'SecretForbidden' });
  });

  it.each([
    ['git.example:8443', 'https://git.example:8443/a.git', true],
    ['https://git.example', 'https://git.example/a.git', true],
    ['git.example', 'https://git.example.org/a.git', false],
    ['git.example', 'https://git.example:8443/a.git', false],
  ])('for host "%s" and repository %s is used: %s', async (host, repoUrl, isUsed) => {
    const store = await openTempRegistry();
    const values = { host, username: 'ada', password: 'token\n' };
    await writeSecret(store.registry, 'account', values, { type: 'basic' });
    const source = { repoUrl, branch: 'main', commit: '', path: '.', dockerfile: 'Dockerfile' };
    const module = await moduleWith(store, { source: { ...source, secret: 'account' } });
    const { credentials, problem } = repositoryLogin(module, store);
    const account = { username: 'ada', password: 'token' };
    expect(credentials).toEqual(isUsed ? account : undefined);
    expect(problem).toEqual(isUsed ? undefined : expect.objectContaining(ELSEWHERE));
  });

  it('is none when none is named', async () => {
    const store = await openTempRegistry();
    const module = await moduleWith(store, aSpec());
    expect(registryLogin(module, IMAGE, store)).toEqual({ credentials: undefined });
    expect(repositoryLogin(module, store)).toEqual({ credentials: undefined });
  });
});
