import { renameSync, rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
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
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';
import { anSshKey } from '../helpers/signing.js';

describe('a module that is built from its source', () => {
  it('is fetched, verified, built from just that commit, and runs', async () => {
    const { loop, repository, commit } = await withBuilt();
    const { status } = loop.module('web');
    expect(status).toMatchObject({
      commit,
      source: { commit, ref: 'refs/heads/main', repoUrl: repository.url },
      verification: { policy: 'local', blocking: 0 },
      imageReference: expect.stringContaining(`/web:${commit.slice(0, 12)}-`) as unknown,
    });
    expect(conditionOf(loop.module('web'), 'Verified')).toMatchObject({ status: 'True' });
    const report = loop.registry.get('Report', status.verification?.report ?? '')?.object;
    expect(report?.spec).toMatchObject({
      source: { commit, files: 4 },
      image: { id: status.imageId, built: true },
    });
    const [container] = loop.runtime.engine.containers.values();
    expect(container?.owner?.commit).toBe(commit);
    const [revision] = loop.registry.list('Revision').items;
    expect(revision?.object.spec.commit).toBe(commit);
  });

  it('costs nothing when nothing changed: no git, no engine, no write', async () => {
    const { loop, repository } = await withBuilt();
    // Whoever asked the repository would notice.
    rmSync(repository.path, { recursive: true });
    await loop.advance(10_000);
    const [calls, version] = [loop.runtime.calls.length, loop.registry.resourceVersion];
    loop.controller.enqueue('all');
    await loop.advance(1_000);
    expect(loop.runtime.calls.slice(calls).map(({ method }) => method)).toEqual([]);
    expect(loop.registry.resourceVersion).toBe(version);
  });

  it('stays at its commit when the branch moves, until its version is another', async () => {
    const { loop, repository, commit, apply } = await withBuilt();
    const next = repository.commit({ 'greeting.txt': 'Hello again\n' });
    loop.controller.enqueue('all');
    await loop.advance(60_000);
    expect(loop.module('web').status.commit).toBe(commit);
    await apply({ version: '1.0.1' });
    await come(
      loop,
      () => loop.module('web').status.commit === next && isReady(loop.module('web')),
    );
    expect(buildsOf(loop)).toBe(2);
  });

  it('is not built again for another spec of the same commit', async () => {
    const { loop, apply } = await withBuilt();
    await apply({ env: [{ name: 'A', value: '1' }] });
    await come(
      loop,
      () => loop.module('web').status.observedGeneration === 2 && isReady(loop.module('web')),
    );
    expect(buildsOf(loop)).toBe(1);
  });

  it('is built again from the cache when the engine lost the image', async () => {
    const { loop, repository, running } = await withBuilt();
    rmSync(repository.path, { recursive: true });
    loop.runtime.engine.removeImage(loop.module('web').status.imageId ?? '');
    const [id = ''] = running();
    loop.runtime.engine.remove(id);
    loop.controller.enqueue('all');
    await come(loop, () => buildsOf(loop) === 2 && isReady(loop.module('web')));
  });

  it('is told when its image names another commit', async () => {
    const { loop, repository, apply } = await withBuilt();
    const label = 'LABEL org.opencontainers.image.revision=0123abc';
    repository.commit({ Dockerfile: `FROM ${BASE}\n${label}\nUSER 7\nCMD ["x"]\n` });
    await apply({ version: '1.0.1' });
    await come(loop, () => buildsOf(loop) === 2 && isReady(loop.module('web')));
    const { report = '' } = loop.module('web').status.verification ?? {};
    const results = loop.registry.get('Report', report)?.object.spec.results ?? [];
    expect(results.find(({ check }) => check === 'image/revision')).toMatchObject({
      result: 'failed',
    });
  });

  it('is built again when another policy wants to look at an image that is gone', async () => {
    const { loop } = await withBuilt();
    loop.runtime.engine.removeImage(loop.module('web').status.imageId ?? '');
    await admit(loop, { priority: 5 }, 'other');
    await come(loop, () => buildsOf(loop) === 2 && isReady(loop.module('web')));
    expect(loop.module('web').status.verification?.policy).toBe('other');
  });

  it('does not take an image for its own that somebody tagged so', async () => {
    const { loop, apply, repository } = await withBuilt();
    const next = repository.commit({ 'greeting.txt': 'Other\n' });
    const hash = (loop.module('web').status.imageReference ?? '').split('-').at(-1);
    const { instanceId } = loop.registry;
    const tag = `registrar-${instanceId.slice(0, 8)}/web:${next.slice(0, 12)}-${hash}`;
    const { id } = loop.runtime.engine.addImage(tag);
    await apply({ version: '1.0.1' });
    await come(
      loop,
      () => loop.module('web').status.commit === next && isReady(loop.module('web')),
    );
    expect(loop.module('web').status.imageId).not.toBe(id);
  });
});

describe('what may not run', () => {
  it('never touches what runs: a finding of the policy blocks the new revision alone', async () => {
    const { loop, repository, apply, running } = await withBuilt();
    const before = running();
    repository.commit({ Dockerfile: `FROM ${BASE}\nUSER root\n` });
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(running()).toEqual(before);
    expect(buildsOf(loop)).toBe(1);
    expect(conditionOf(loop.module('web'), 'Verified')).toMatchObject({ status: 'False' });
    expect(conditionOf(loop.module('web'), 'Stalled')).toMatchObject({ status: 'True' });
    expect(messageOf(loop, 'Verified')).toMatch(/^dockerfile\/.*: Dockerfile:2: /);
  });

  it('is not even fetched when the manifest is refused', async () => {
    const loop = await startLoop();
    const { repository } = goodRepository(BASE);
    await loop.apply('web', { image: '', source: sourceOf(repository.url) });
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(messageOf(loop, 'Verified')).toContain(
      'manifest/repository-scheme: spec.source.repoUrl',
    );
    expect(loop.module('web').status.source).toBeUndefined();
  });

  it('runs when the policy admits it, and not any more when it does not', async () => {
    const loop = await startLoop();
    const { repository } = goodRepository(BASE);
    await loop.apply('web', { image: '', source: sourceOf(repository.url) });
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    await admit(loop);
    await come(loop, () => isReady(loop.module('web')));
    const [before] = loop.runtime.engine.containers.keys();
    await loop.registry.delete('Policy', 'local');
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    // What runs goes on.
    expect([...loop.runtime.engine.containers.keys()]).toEqual([before]);
  });

  it('is everything new while the policy cannot be told', async () => {
    let problem: string | undefined = 'File "policy.yaml" may declare a policy: correct it';
    const loop = await startLoop({ options: { policyProblem: () => problem } });
    await loop.apply('web', {});
    await come(loop, () => readyReason(loop.module('web')) === 'PolicyUnusable');
    expect(messageOf(loop, 'Verified')).toBe(problem);
    problem = undefined;
    await come(loop, () => isReady(loop.module('web')));
  });

  it('is what is not signed by a signer of the policy', async () => {
    const loop = await startLoop();
    const { repository } = goodRepository(BASE);
    const key = anSshKey();
    const signers = [{ name: 'ada', sshKey: key.publicKey.trim() }];
    await admit(loop, { signers });
    await loop.apply('web', { image: '', source: sourceOf(repository.url) });
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(messageOf(loop, 'Verified')).toMatch(/^commit\/signature: The commit is not signed/);
    repository.commit({ 'greeting.txt': 'Signed\n' }, { sign: key.sign });
    await loop.apply('web', { version: '1.0.1', image: '', source: sourceOf(repository.url) });
    await come(loop, () => isReady(loop.module('web')));
    const { report = '' } = loop.module('web').status.verification ?? {};
    expect(loop.registry.get('Report', report)?.object.spec.source).toMatchObject({
      ...{ signature: 'good', signer: 'ada', key: key.fingerprint },
    });
  });

  it('is an image that a check of images refuses', async () => {
    const loop = await startLoop();
    await admit(loop, {
      checks: [{ id: 'manifest/image-registry', parameters: { registries: ['ghcr.io'] } }],
    });
    await loop.apply('web', {});
    await come(loop, () => readyReason(loop.module('web')) === 'VerificationFailed');
    expect(messageOf(loop, 'Verified')).toContain('manifest/image-registry: spec.image');
  });
});

describe('a source that cannot be had', () => {
  it('says why, touches nothing, and is tried again', async () => {
    const { loop, repository, apply, running } = await withBuilt();
    const before = running();
    const away = `${repository.path}.away`;
    renameSync(repository.path, away);
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')).startsWith('Source'));
    expect(conditionOf(loop.module('web'), 'Verified')).toMatchObject({ status: 'Unknown' });
    expect(running()).toEqual(before);
    renameSync(away, repository.path);
    await come(loop, () => isReady(loop.module('web')));
  });

  it('names no container that nobody made', async () => {
    const loop = await startLoop();
    await loop.apply('web', { image: 'nowhere:1' });
    await come(loop, () => readyReason(loop.module('web')) === 'ImageNotFound');
    expect(loop.module('web').status.containers).toEqual([]);
  });

  it('has no such branch', async () => {
    const loop = await startLoop();
    const { repository } = goodRepository(BASE);
    await admit(loop);
    await loop.apply('web', { image: '', source: { ...sourceOf(repository.url), branch: 'v9' } });
    await come(loop, () => readyReason(loop.module('web')) === 'SourceNotFound');
  });
});

describe('a build', () => {
  it('that fails leaves its log, touches nothing, and is tried again', async () => {
    const { loop, repository, apply, running } = await withBuilt();
    const before = running();
    repository.commit({
      Dockerfile: `FROM ${BASE}\nRUN echo working\nRUN exit 3\nUSER 7\nCMD ["x"]\n`,
    });
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')) === 'BuildFailed');
    expect(running()).toEqual(before);
    const log = await text(loop.controller.operations.buildLog('web', false));
    expect(log).toContain('Step 2/5 : RUN echo working\nworking\n');
    await come(loop, () => buildsOf(loop) >= 3);
  });

  it('is given up when its module wants something else', async () => {
    const { loop, repository, apply } = await withBuilt();
    repository.commit({ Dockerfile: `FROM ${BASE}\nRUN sleep 60\nUSER 7\nCMD ["x"]\n` });
    await apply({ version: '1.0.1' });
    await come(loop, () => readyReason(loop.module('web')) === 'Building');
    expect(loop.module('web').status.phase).toBe('Building');
    const next = repository.commit(goodFiles(BASE));
    await apply({ version: '1.0.2' });
    await come(loop, () => isReady(loop.module('web')));
    expect(loop.module('web').status.commit).toBe(next);
  });
});

describe('the chain from repository to container', () => {
  const chainOf = async (loop: Loop) => {
    const { links } = await loop.controller.operations.trust(loop.module('web'));
    return new Map(links.map((link) => [link.link, link]));
  };

  it('holds, link by link, for what was built and runs', async () => {
    const { loop, commit } = await withBuilt();
    const links = await chainOf(loop);
    expect([...links].map(([link, { holds }]) => `${link} ${holds}`)).toEqual([
      ...['source yes', 'signature unknown', 'verification yes', 'policy yes', 'image yes'],
      'container yes',
    ]);
    expect(links.get('source')?.value).toContain(`refs/heads/main ${commit}`);
  });

  it('holds for a given image that somebody pushed to a registry since', async () => {
    const loop = await startLoop();
    await loop.apply('web', {});
    await loop.until(() => isReady(loop.module('web')));
    const { images } = loop.runtime.engine;
    const digest = `sha256:${'d'.repeat(64)}`;
    for (const [name, image] of images) images.set(name, { ...image, digest });
    expect((await chainOf(loop)).get('image')).toMatchObject({ holds: 'yes' });
  });

  it('says which policy decides by now', async () => {
    const { loop } = await withBuilt();
    await admit(loop, { priority: 5 }, 'other');
    const chain = await chainOf(loop);
    expect(chain.get('policy')).toMatchObject({
      holds: 'no',
      detail: 'What decides today is other generation 1',
    });
    await come(loop, () => loop.module('web').status.verification?.policy === 'other');
    expect((await chainOf(loop)).get('policy')?.holds).toBe('yes');
  });

  it('breaks when the image or the container is another one, which is replaced', async () => {
    const { loop, running } = await withBuilt();
    const [id = ''] = running();
    const other = loop.runtime.engine.addImage('evil:1');
    const container = loop.runtime.engine.get(id);
    Object.assign(container, { imageId: other.id, createdFrom: 'evil:1' });
    expect((await chainOf(loop)).get('container')).toMatchObject({
      holds: 'no',
      detail: `It runs image ${other.id}`,
    });
    await loop.advance(60_000);
    await come(loop, () => isReady(loop.module('web')) && running()[0] !== id);
    expect((await chainOf(loop)).get('container')?.holds).toBe('yes');
    const events = loop.registry.list('Event').items.map(({ object }) => object.message);
    expect(events.join()).toContain('it runs another image than the one that was verified');
  });

  it('is not told while the engine is away', async () => {
    const { loop } = await withBuilt();
    loop.runtime.goAway();
    const links = await chainOf(loop);
    expect([links.get('image')?.holds, links.get('container')?.holds]).toEqual([
      'unknown',
      'unknown',
    ]);
  });
});

it('forgets the reports of a module with it', async () => {
  const { loop } = await withBuilt();
  expect(loop.registry.list('Report').items).toHaveLength(1);
  await loop.registry.delete('Module', 'web');
  await come(loop, () => loop.registry.get('Module', 'web') === undefined);
  expect(loop.registry.list('Report').items).toEqual([]);
});
