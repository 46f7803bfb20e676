import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LOCAL_REPOSITORIES, aSite } from '../helpers/daemon.js';
import type { Site } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { conditionOf, modulesOf } from '../helpers/live-modules.js';
import { goodRepository } from '../helpers/module-repository.js';

/** A daemon with a module that follows a branch behind a gate, and runs its first commit. */
async function gated(command: readonly string[]) {
  const site = aSite();
  site.declare('policy.yaml', LOCAL_REPOSITORIES);
  const daemon = await site.start();
  const modules = modulesOf(site);
  const { repository, commit } = goodRepository(SAMPLE_IMAGE);
  await modules.create('web', {
    ...{ version: '1.0.0', image: '', source: { branch: 'main', repoUrl: repository.url } },
    updates: { policy: 'Follow', intervalSeconds: 10, cooldownSeconds: 0, gate: { command } },
  });
  await modules.untilReady('web');
  const until = (reason: string) =>
    modules.until('web', reason, (one) => conditionOf(one, 'UpToDate')?.reason === reason);
  return { site, daemon, modules, repository, commit, until };
}

/** Ids of the containers of gates on the engine. */
async function gatesOf(site: Site): Promise<string[]> {
  const instance = `registrar.synapsis.network/instance=${site.instanceId()}`;
  const filters = { label: ['registrar.synapsis.network/gate=web', instance] };
  const found = await docker().listContainers({ all: true, filters });
  return found.map(({ Id }) => Id);
}

/** Looks are counted in tens of seconds. */
const SLOW = { timeout: 180_000 };

describe('a gate', SLOW, () => {
  it('holds a commit that it fails while what runs goes on, and lets one through that it passes', async () => {
    const command = ['sh', '-c', 'cat /module/greeting.txt; grep -q ready /module/greeting.txt'];
    const { site, modules, repository, commit, until } = await gated(command);
    const before = await site.containers();
    repository.commit({ 'greeting.txt': 'half done\n' });
    const held = await until('GateFailed');
    expect(conditionOf(held, 'UpToDate')?.message).toContain('exit code 1: half done');
    expect(held.status.commit).toBe(commit);
    expect(await site.containers()).toEqual(before);
    const { stdout } = await site.cli(['describe', 'web']);
    expect(stdout).toMatch(/^Gate: +[0-9a-f]{12}: its command ended with exit code 1/m);
    const good = repository.commit({ 'greeting.txt': 'ready\n' });
    await modules.until('web', 'it runs', ({ status }) => status.commit === good);
    await modules.untilReady('web');
    const events = (await site.cli(['events', '--for', 'web'])).stdout;
    expect(events).toMatch(/GateFailed/);
    expect(events).toMatch(/GatePassed/);
    expect(await gatesOf(site)).toEqual([]);
  });

  it('leaves nothing behind when the daemon is killed, and is run again by the next one', async () => {
    const { site, daemon, modules, repository, commit, until } = await gated(['sleep', '1000']);
    onTestFinished(async () => {
      const left = (await gatesOf(site)).map((id) =>
        docker().getContainer(id).remove({ force: true }),
      );
      await Promise.allSettled(left);
    });
    repository.commit({ 'greeting.txt': 'Good day\n' });
    await until('AtGate');
    const [left = ''] = await vi.waitFor(
      async () => {
        const found = await gatesOf(site);
        expect(found).toHaveLength(1);
        return found;
      },
      { timeout: 20_000 },
    );
    await daemon.end('SIGKILL');
    expect(await gatesOf(site)).toEqual([left]);
    await site.start();
    await vi.waitFor(
      async () => {
        const found = await gatesOf(site);
        expect(found).toHaveLength(1);
        expect(found).not.toContain(left);
      },
      { timeout: 60_000, interval: 200 },
    );
    expect((await modules.get('web')).status.commit).toBe(commit);
    expect((await site.cli(['delete', 'web'])).code).toBe(0);
    await vi.waitFor(async () => expect(await gatesOf(site)).toEqual([]), { timeout: 20_000 });
  });
});
