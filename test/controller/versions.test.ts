import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_VERSIONS } from '../../src/controller/preparation/versions.js';
import type { ModuleVersion } from '../../src/kinds/module-version/schema.js';
import { validateModule } from '../../src/manifest/validate.js';
import type { ModuleSpec } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import { versionName } from '../../src/model/version-name.js';
import { PackageStore } from '../../src/source/package-store.js';
import { aManifest } from '../helpers/builders.js';
import {
  admit,
  BASE,
  buildsOf,
  come,
  conditionOf,
  messageOf,
  sourceOf,
  withBuilt,
} from '../helpers/built-modules.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';

const versionsIn = ({ registry }: Loop): ModuleVersion[] =>
  registry.list('ModuleVersion').items.map(({ object }) => object);

const versionOf = ({ registry }: Loop, version: string): ModuleVersion | undefined =>
  registry.get('ModuleVersion', versionName('web', version))?.object;

describe('a version', () => {
  it('is published when what it is passed verification', async () => {
    const { loop, repository, commit } = await withBuilt();
    const { status, spec } = loop.module('web');
    const [version, ...more] = versionsIn(loop);
    expect(more).toEqual([]);
    const report = loop.registry.get('Report', status.verification?.report ?? '')?.object;
    expect(version).toMatchObject({
      metadata: {
        name: `web.${spec.version}`,
        labels: { [`${API_VERSION.split('/')[0]}/module`]: 'web' },
      },
      spec: {
        ...{ module: 'web', version: spec.version, type: spec.type, license: spec.license },
        ...{ commit, repoUrl: repository.url, report: report?.metadata.name },
        ...{ sourceHash: report?.spec.source?.sourceHash, envTemplate: [] },
        packageHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown,
      },
      status: { downloads: 0 },
    });
    expect(status.version).toBe(spec.version);
    expect(version?.metadata.ownerReferences).toBeUndefined();
  });

  it('has the same package wherever the same commit is published', async () => {
    const { repository } = goodRepository(BASE);
    const published: string[] = [];
    for (const _ of [1, 2]) {
      const loop = await startLoop();
      await admit(loop);
      await loop.apply('web', { image: '', source: sourceOf(repository.url) });
      await come(loop, () => isReady(loop.module('web')));
      published.push(versionsIn(loop)[0]?.spec.packageHash ?? '');
    }
    expect(published[0]).toMatch(/^sha256:/);
    expect(published[1]).toBe(published[0]);
  });

  it('of a module with a given image is none', async () => {
    const loop = await startLoop();
    await loop.apply('web', { command: ['run'] });
    await come(loop, () => isReady(loop.module('web')));
    expect(versionsIn(loop)).toEqual([]);
    expect(loop.module('web').status.version).toBeUndefined();
  });

  it('of what was refused is none', async () => {
    const { loop, repository, apply } = await withBuilt();
    repository.commit({ Dockerfile: `FROM ${BASE}\nUSER root\n` });
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(versionOf(loop, '1.0.1')).toBeUndefined();
  });

  it('stays when its module is deleted', async () => {
    const { loop } = await withBuilt();
    const before = versionsIn(loop);
    await loop.registry.delete('Module', 'web');
    await come(loop, () => loop.registry.get('Module', 'web') === undefined);
    expect(versionsIn(loop)).toEqual(before);
  });

  it('is packed while its image is built, and nothing runs before both are there', async () => {
    const packages = counting([]);
    const keep = packages.keep.bind(packages);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    packages.keep = async (archive, signal) => {
      await held;
      return keep(archive, signal);
    };
    const loop = await startLoop({ options: { packages } });
    await admit(loop);
    await loop.apply('web', { image: '', source: sourceOf(goodRepository(BASE).repository.url) });
    await come(loop, () => loop.module('web').status.imageId !== undefined);
    await loop.advance(60_000);
    expect(readyReason(loop.module('web'))).toBe('Publishing');
    expect(versionsIn(loop)).toEqual([]);
    expect(loop.runtime.count('create')).toBe(0);
    goOn();
    await come(loop, () => isReady(loop.module('web')));
    expect(versionsIn(loop)).toHaveLength(1);
  });

  it('costs nothing once it is there, and is not packed again for another spec of it', async () => {
    const kept: string[] = [];
    const { loop, apply } = await withBuilt({}, { options: { packages: counting(kept) } });
    await apply({ env: [{ name: 'A', value: '1' }] });
    await come(
      loop,
      () => loop.module('web').status.observedGeneration === 2 && isReady(loop.module('web')),
    );
    expect(kept).toHaveLength(1);
  });

  it('may be any semantic version', async () => {
    const { loop, apply } = await withBuilt();
    const version = '2.0.0-RC.1--x.0a+Exp.SHA-5114f85';
    await apply({ version });
    await come(loop, () => isReady(loop.module('web')) && versionOf(loop, version) !== undefined);
    expect(loop.module('web').status.version).toBe(version);
  });

  it('is one of a bounded number, of which the oldest are forgotten', async () => {
    const { loop, apply } = await withBuilt();
    const [first] = versionsIn(loop);
    const { kind, spec } = first ?? ({} as ModuleVersion);
    for (let index = 0; index < MAX_VERSIONS; index += 1) {
      const version = `0.${index}.0`;
      await loop.registry.create('ModuleVersion', {
        ...{ apiVersion: API_VERSION, kind, metadata: { name: versionName('web', version) } },
        spec: { ...spec, version, publishedAt: `2020-01-01T00:00:00.${1000 + index}Z` },
      });
    }
    await apply({ version: '9.0.0' });
    await come(loop, () => versionOf(loop, '9.0.0') !== undefined);
    await come(loop, () => versionsIn(loop).length === MAX_VERSIONS);
    expect(versionOf(loop, '0.0.0')).toBeUndefined();
    expect(versionOf(loop, '0.1.0')).toBeUndefined();
    expect(versionOf(loop, '0.2.0')).toBeDefined();
  });
});

/** Packages that tell which archives were packed. */
function counting(kept: string[]): PackageStore {
  const store = new PackageStore({ folder: join(temporaryFolder('packages'), 'packages') });
  const keep = store.keep.bind(store);
  store.keep = (archive, signal) => {
    kept.push(archive);
    return keep(archive, signal);
  };
  return store;
}

describe('what somebody needs to run a version', () => {
  it('is a manifest of just its commit, without what is of the host', async () => {
    const { loop, repository, apply } = await withBuilt();
    const commit = repository.commit({
      '.env.example': '# Where the chain is\nCHAIN_URL=wss://example.org\n',
    });
    const changes: Partial<ModuleSpec> = {
      version: '1.1.0',
      env: [{ name: 'NETUID', value: '17' }],
      ports: [
        {
          ...{ name: 'axon', containerPort: 8091, hostPort: 8091 },
          ...{ hostIp: '127.0.0.1', protocol: 'TCP' },
        },
      ],
      volumes: [
        { name: 'state', mountPath: '/state', readOnly: false },
        { name: 'logs', hostPath: temporaryFolder('logs'), mountPath: '/logs', readOnly: true },
        {
          ...{ name: 'keys', mountPath: '/keys', readOnly: false },
          secret: { secretName: 'keys', defaultMode: '0400' },
        },
      ],
    };
    await apply(changes);
    await come(loop, () => versionOf(loop, '1.1.0') !== undefined);
    const { install, envTemplate } = versionOf(loop, '1.1.0')?.spec ?? {};
    expect(envTemplate).toEqual([{ name: 'CHAIN_URL', comment: 'Where the chain is' }]);
    expect(install).toMatchObject({ needsValues: ['NETUID', 'CHAIN_URL'], needsFolders: ['logs'] });
    const { manifest } = validateModule(install?.manifest ?? {}, { unknownFields: 'strict' });
    expect(manifest.spec).toMatchObject({
      ...{ version: '1.1.0', source: { repoUrl: repository.url, commit } },
      env: [
        { name: 'NETUID', value: '' },
        { name: 'CHAIN_URL', value: '' },
      ],
      ports: [{ name: 'axon', containerPort: 8091 }],
      volumes: [
        { name: 'state' },
        { name: 'logs', readOnly: true },
        { name: 'keys', secret: { secretName: 'keys' } },
      ],
    });
    expect(JSON.stringify(install)).not.toMatch(/hostPath|hostPort|"17"/);
  });

  it('is short, however long the spec is', async () => {
    const { loop, apply } = await withBuilt();
    await apply({ version: '1.1.0', args: Array.from({ length: 64 }, () => 'x'.repeat(1_000)) });
    await come(loop, () => versionOf(loop, '1.1.0') !== undefined);
    const { manifest } = versionOf(loop, '1.1.0')?.spec.install ?? {};
    expect(JSON.stringify(manifest).length).toBeLessThan(32 * 1024);
    expect(manifest).toMatchObject({ spec: { version: '1.1.0' } });
  });
});

describe('a version that was published before', () => {
  it('is not published again from another commit, and what runs goes on', async () => {
    const { loop, repository, apply, commit, running } = await withBuilt();
    const before = running();
    const { version } = loop.module('web').spec;
    await loop.apply('web', { version: '9.9.9', image: '', source: sourceOf(repository.url) });
    await come(loop, () => isReady(loop.module('web')) && versionOf(loop, '9.9.9') !== undefined);
    const next = repository.commit({ 'greeting.txt': 'Other\n' });
    const again = { version, image: '', source: { ...sourceOf(repository.url), commit: next } };
    const { actions } = await loop.controller.operations.preview(aManifest('web', again));
    expect(actions.map(({ text, because }) => `${text}: ${because}`)).toContainEqual(
      expect.stringMatching(/^wait for another version: .* was published from commit/),
    );
    expect(actions.filter(({ text }) => text.includes('create'))).toEqual([]);
    await loop.apply('web', again);
    await come(loop, () => readyReason(loop.module('web')) === 'VersionConflict');
    expect(messageOf(loop, 'Stalled')).toBe(
      `Version "${version}" was published from commit ${commit} and cannot be published again from commit ${next}; raise spec.version, or set spec.source.commit to the former`,
    );
    expect(conditionOf(loop.module('web'), 'Verified')).toMatchObject({ status: 'True' });
    expect(running()).toEqual(before);
    expect(buildsOf(loop)).toBe(1);
    expect(loop.module('web').status.version).toBe('9.9.9');
    await apply({ version: '10.0.0' });
    await come(
      loop,
      () => isReady(loop.module('web')) && loop.module('web').status.commit === next,
    );
  });

  it('means the same commit again, wherever its branch is by now', async () => {
    const { loop, repository, apply, commit } = await withBuilt();
    const { version } = loop.module('web').spec;
    repository.commit({ 'greeting.txt': 'Other\n' });
    await apply({ version: '9.9.9' });
    await come(loop, () => isReady(loop.module('web')) && versionOf(loop, '9.9.9') !== undefined);
    expect(loop.module('web').status.commit).not.toBe(commit);
    await apply({ version });
    await come(loop, () => loop.module('web').status.commit === commit);
    await come(loop, () => isReady(loop.module('web')));
    expect(loop.module('web').status).toMatchObject({ version, source: { commit, ref: '' } });
  });

  it('is not published again by another module of its name', async () => {
    const { loop, repository } = await withBuilt();
    await loop.registry.delete('Module', 'web');
    await come(loop, () => loop.registry.get('Module', 'web') === undefined);
    repository.commit(goodFiles(BASE, ['other']));
    const next = repository.commit({ 'greeting.txt': 'Other\n' });
    await loop.apply('web', {
      image: '',
      source: { ...sourceOf(repository.url), commit: next },
    });
    await come(loop, () => readyReason(loop.module('web')) === 'VersionConflict');
    expect([...loop.runtime.engine.containers.keys()]).toEqual([]);
  });

  it('is deployed again from the same commit', async () => {
    const { loop, repository } = await withBuilt();
    await loop.registry.delete('Module', 'web');
    await come(loop, () => loop.registry.get('Module', 'web') === undefined);
    await loop.apply('web', { image: '', source: sourceOf(repository.url) });
    await come(loop, () => isReady(loop.module('web')));
    expect(versionsIn(loop)).toHaveLength(1);
  });
});

it('a package that the disk refuses is tried again, and what runs goes on', async () => {
  const folder = join(temporaryFolder('packages'), 'packages');
  const store = new PackageStore({ folder });
  const { loop, repository, apply, running } = await withBuilt(
    {},
    { options: { packages: store } },
  );
  const before = running();
  const keep = store.keep.bind(store);
  store.keep = (_archive, signal) => keep('/nonexistent/source.tar', signal);
  repository.commit({ 'greeting.txt': 'Other\n' });
  await apply({ version: '1.0.1' });
  await come(loop, () => readyReason(loop.module('web')) === 'PackageUnavailable');
  expect(running()).toEqual(before);
  expect(versionOf(loop, '1.0.1')).toBeUndefined();
  expect(readdirSync(folder)).toHaveLength(1);
  store.keep = keep;
  await come(loop, () => isReady(loop.module('web')));
  rmSync(folder, { recursive: true });
});
