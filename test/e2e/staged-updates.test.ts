import { describe, expect, it } from 'vitest';
import { LOCAL_REPOSITORIES, aSite } from '../helpers/daemon.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';
import { conditionOf, modulesOf } from '../helpers/live-modules.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';

const setFollowing = (repoUrl: string): string => `
apiVersion: registrar.synapsis.network/v1
kind: ModuleSet
metadata: { name: miners }
spec:
  instances: [{ name: a }, { name: b }]
  rollout: { updates: OneFirst, bakeSeconds: 5 }
  template:
    spec:
      version: 1.0.0
      type: miner
      license: MIT
      source: { repoUrl: "${repoUrl}" }
      resources: { memory: 16Mi, cpus: '0.2', pids: 16 }
      strategy: { minReadySeconds: 3 }
      updates: { policy: Follow, intervalSeconds: 10, cooldownSeconds: 0 }
`;

/** Looks are counted in tens of seconds. */
const SLOW = { timeout: 240_000 };

describe('a set of which one module takes up what is new first', SLOW, () => {
  it('keeps a bad commit from the others, and brings a good one to them once the first has baked', async () => {
    const site = aSite();
    site.declare('policy.yaml', LOCAL_REPOSITORIES);
    await site.start();
    const modules = modulesOf(site);
    const { repository, commit } = goodRepository(SAMPLE_IMAGE);
    const { code } = await site.cli(['apply', '-f', '-'], setFollowing(repository.url));
    expect(code).toBe(0);
    await modules.until('miners-a', 'it is there', () => true);
    await modules.until('miners-b', 'it is there', () => true);
    await Promise.all(['miners-a', 'miners-b'].map((name) => modules.untilReady(name)));
    const bad = repository.commit(goodFiles(SAMPLE_IMAGE, ['false']));
    const held = await modules.until(
      'miners-b',
      'it is held',
      (one) => conditionOf(one, 'UpToDate')?.reason === 'HeldBySet',
    );
    expect(conditionOf(held, 'UpToDate')?.message).toContain('"miners-a" of the same set');
    expect([held.status.commit, held.status.readyReplicas]).toEqual([commit, 1]);
    expect((await modules.get('miners-a')).status.updates?.current?.id).toBe(bad);
    const good = repository.commit(goodFiles(SAMPLE_IMAGE));
    const [first, second] = await Promise.all(
      ['miners-a', 'miners-b'].map((name) =>
        modules.until(name, 'it took it up', ({ status }) => status.updates?.current?.id === good),
      ),
    );
    const takenAt = (module: typeof first): number =>
      Date.parse(module?.status.updates?.current?.takenAt ?? '');
    // What it takes to bake, in whole seconds; to be well takes some more.
    expect(takenAt(second) - takenAt(first)).toBeGreaterThanOrEqual(5_000);
    await modules.until('miners-b', 'it runs it', ({ status }) => status.commit === good);
    await modules.untilReady('miners-b');
  });
});
