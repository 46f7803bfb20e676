import { createHmac } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ANY_REGISTRY, LOCAL_REPOSITORIES, aSite } from '../helpers/daemon.js';
import type { Site } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { registryProblem, startRegistry } from '../helpers/image-registry.js';
import type { ImageRegistry } from '../helpers/image-registry.js';
import { conditionOf, modulesOf } from '../helpers/live-modules.js';
import type { Modules } from '../helpers/live-modules.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';
import { forgetImage } from '../helpers/test-image.js';

const KEY = 'a key that nobody guesses';

async function aStartedSite(
  policy = LOCAL_REPOSITORIES,
): Promise<{ site: Site; modules: Modules }> {
  const site = aSite();
  site.declare('policy.yaml', policy);
  await site.start(['--http']);
  return { site, modules: modulesOf(site) };
}

const following = (repoUrl: string, updates: object = {}) => ({
  ...{ version: '1.0.0', image: '', source: { branch: 'main', repoUrl } },
  updates: { policy: 'Follow', intervalSeconds: 10, cooldownSeconds: 0, ...updates },
});

/** Labels and image of the only container that runs. */
async function running(site: Site) {
  const [only, ...others] = (await site.containers()).filter(({ state }) => state === 'running');
  if (only === undefined || others.length > 0) throw new Error('Not one container runs');
  const { Config, Image } = await docker().getContainer(only.id).inspect();
  const commit = Config.Labels['registrar.synapsis.network/commit'];
  return { id: only.id, image: Image, commit };
}

/** What a forge sends after a push. */
async function send({ dataDir }: Site, repoUrl: string, key: string): Promise<number> {
  const { url } = JSON.parse(readFileSync(join(dataDir, 'listening.json'), 'utf8')) as {
    url: string;
  };
  const body = JSON.stringify({ ref: 'refs/heads/main', repository: { clone_url: repoUrl } });
  const signature = createHmac('sha256', key).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return (await fetch(`${url}/hooks/git`, { method: 'POST', headers, body })).status;
}

/** Looks and cooldowns are counted in tens of seconds. */
const SLOW = { timeout: 180_000 };

describe('a module that follows a branch', SLOW, () => {
  it('runs a commit that is pushed, as a version of its own, and does not go back by itself', async () => {
    const { site, modules } = await aStartedSite();
    const { repository, commit } = goodRepository(SAMPLE_IMAGE);
    await modules.create('web', following(repository.url));
    await modules.untilReady('web');
    expect((await running(site)).commit).toBe(commit);
    const next = repository.commit({ 'greeting.txt': 'Good day\n' });
    await modules.until('web', 'the next commit runs', ({ status }) => status.commit === next);
    const module = await modules.untilReady('web');
    expect((await running(site)).commit).toBe(next);
    expect(module.status.version).toBe(`1.0.0+${next.slice(0, 12)}`);
    const versions = await site.cli(['versions', 'web']);
    expect(versions.stdout).toContain(`1.0.0+${commit.slice(0, 12)}`);
    const described = await site.cli(['describe', 'web']);
    expect(described.stdout).toMatch(/^Follows: +branch main of file:/m);
    expect(described.stdout).toContain(`Taken up:     ${next.slice(0, 12)}`);
    const { stdout } = await site.cli(['trust', 'web']);
    expect(stdout).toMatch(new RegExp(`^source +yes +file:.* refs/heads/main ${next}`, 'm'));
    repository.git('update-ref', 'refs/heads/main', commit);
    await modules.until(
      'web',
      'it is told that the branch went back',
      (one) => conditionOf(one, 'UpToDate')?.reason === 'WentBack',
    );
    expect((await running(site)).commit).toBe(next);
  });

  it('goes back from a commit that crashes, does not try it again, and takes up what comes next', async () => {
    const { site, modules } = await aStartedSite();
    const { repository, commit } = goodRepository(SAMPLE_IMAGE);
    const strategy = { minReadySeconds: 3 };
    await modules.create('web', { ...following(repository.url), strategy });
    await modules.untilReady('web');
    const bad = repository.commit(goodFiles(SAMPLE_IMAGE, ['false']));
    await modules.until(
      'web',
      'it is in quarantine',
      ({ status }) => (status.quarantined ?? []).length > 0 && status.readyReplicas === 1,
    );
    expect((await running(site)).commit).toBe(commit);
    expect((await modules.get('web')).status.updates?.current?.id).toBe(bad);
    const good = repository.commit(goodFiles(SAMPLE_IMAGE));
    await modules.until(
      'web',
      'the next one is taken',
      (one) => one.status.updates?.current?.id === good,
    );
    await modules.untilReady('web');
    expect((await running(site)).commit).toBe(good);
  });

  it('waits for the cooldown, and goes on while its repository is away', async () => {
    const { site, modules } = await aStartedSite();
    const { repository, commit } = goodRepository(SAMPLE_IMAGE);
    await modules.create('web', following(repository.url, { cooldownSeconds: 15 }));
    await modules.untilReady('web');
    const { id } = await running(site);
    const next = repository.commit({ 'greeting.txt': 'Good day\n' });
    const found = await modules.until(
      'web',
      'it was found',
      (one) => conditionOf(one, 'UpToDate')?.reason === 'CoolingDown',
    );
    expect(await running(site)).toMatchObject({ id, commit });
    const seen = Date.parse(found.status.updates?.candidates[0]?.firstSeenAt ?? '');
    const taken = await modules.until(
      'web',
      'it runs',
      ({ status }) => status.updates?.current?.id === next,
    );
    const takenAt = Date.parse(taken.status.updates?.current?.takenAt ?? '');
    expect(takenAt - seen).toBeGreaterThanOrEqual(15_000);
    await modules.until('web', 'it runs', ({ status }) => status.commit === next);
    const ready = await modules.untilReady('web');
    const before = await running(site);
    renameSync(repository.path, `${repository.path}-away`);
    await modules.until(
      'web',
      'the look fails',
      (one) => conditionOf(one, 'UpToDate')?.status === 'Unknown',
    );
    expect(await running(site)).toEqual(before);
    expect(ready.status.phase).toBe('Running');
  });

  it('looks at once after a signed push, and not after any other', async () => {
    const { site, modules } = await aStartedSite();
    const { repository, commit } = goodRepository(SAMPLE_IMAGE);
    await site.cli(['secret', 'create', 'hook', `--from-literal=token=${KEY}`]);
    const updates = { intervalSeconds: 604_800, webhookSecret: 'hook' };
    await modules.create('web', following(repository.url, updates));
    await modules.until(
      'web',
      'it is up to date',
      (one) => conditionOf(one, 'UpToDate')?.reason === 'Current' && one.status.readyReplicas === 1,
    );
    const next = repository.commit({ 'greeting.txt': 'Good day\n' });
    const { status } = await modules.get('web');
    expect(await send(site, repository.url, 'another key')).toBe(401);
    expect(await send(site, `${repository.url}-other`, KEY)).toBe(401);
    expect((await modules.get('web')).status.updates?.lookedAt).toBe(status.updates?.lookedAt);
    expect((await running(site)).commit).toBe(commit);
    expect(await send(site, repository.url, KEY)).toBe(202);
    await modules.until('web', 'it runs', (one) => one.status.commit === next);
  });
});

const problem = await registryProblem();

describe.skipIf(problem !== undefined)(
  `a module that follows an image ${problem ?? ''}`,
  SLOW,
  () => {
    /** Another image with the files of the sample, on the engine for as long as it is needed. */
    async function variant(label: string): Promise<string> {
      const created = await docker().createContainer({ Image: SAMPLE_IMAGE });
      const { Id } = (await created.commit({ changes: `LABEL test=${label}` })) as { Id: string };
      await created.remove();
      return Id;
    }

    /** A registry that a test may stop, and that is gone with it. */
    async function aRegistry(): Promise<ImageRegistry> {
      const registry = await startRegistry();
      let stopped: Promise<void> | undefined;
      const stop = (): Promise<void> => (stopped ??= registry.stop());
      onTestFinished(stop);
      return { ...registry, stop };
    }

    it('runs what the tag stands for once it moved, and goes on without the registry', async () => {
      const images: string[] = [];
      // First, so that it is done last, when no container needs them.
      onTestFinished(async () => {
        for (const id of images) await forgetImage(docker(), id);
      });
      const registry = await aRegistry();
      const { site, modules } = await aStartedSite(ANY_REGISTRY);
      const push = async (label: string): Promise<string> => {
        const id = await variant(label);
        images.push(id);
        return registry.push(docker(), id, 'web', '1');
      };
      const first = await push('one');
      const image = `${registry.address}/web:1`;
      const updates = { policy: 'Follow', intervalSeconds: 10, cooldownSeconds: 0 };
      await modules.create('web', { image, updates });
      const { status } = await modules.untilReady('web');
      expect(status.imageDigest).toBe(first);
      const second = await push('two');
      await modules.until('web', 'it runs', (one) => one.status.imageDigest === second);
      const module = await modules.untilReady('web');
      expect(module.status.imageReference).toBe(`${image}@${second}`);
      const before = await running(site);
      expect(before.image).toBe(module.status.imageId);
      await registry.stop();
      await modules.until(
        'web',
        'the look fails',
        (one) => conditionOf(one, 'UpToDate')?.status === 'Unknown',
      );
      expect(await running(site)).toEqual(before);
    });
  },
);
