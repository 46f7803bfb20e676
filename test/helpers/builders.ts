import type { ObservedContainer } from '../../src/model/container.js';
import type { ModuleManifest, ModuleSpec } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import { containerName } from '../../src/model/owner.js';
import type { Owner } from '../../src/model/owner.js';
import type { Desired, Swap } from '../../src/plan/desired.js';

/** Midday of a day that nothing depends on. */
export const NOON = Date.parse('2026-01-01T12:00:00Z');

export const LIMITS = { memoryBytes: 512 * 1024 ** 2, nanoCpus: 1e9, pids: 256 };
export const REVISION = 'aaaaaaaaaaaaaaaa';
export const OTHER_REVISION = 'bbbbbbbbbbbbbbbb';

/** A module named web that wants one container of REVISION. */
export function aDesired(overrides: Partial<Desired> = {}): Desired {
  return {
    ...{ module: 'web', uid: 'uid-1', replicas: 1, scale: 'scaled down' },
    links: { uses: [], isUsed: false },
    target: { revision: REVISION, imageId: 'sha256:image', limits: LIMITS },
    ...{ swap: RECREATE, reserve: undefined },
    ...overrides,
  };
}

/** All old containers stop before the new ones start. */
export const RECREATE: Swap = {
  ...{ order: 'stop-first', because: 'spec.strategy.type is Recreate', maxSurge: 1 },
  ...{ maxUnavailable: 100, minReadyMs: 0, isPaused: false },
};

/** A look at what could be seen all the time. */
export const seen = (now: number) => ({ now, seenSince: 0 });

/** The container that aDesired wants, running for an hour at NOON. */
export function aContainer(
  overrides: Partial<Omit<ObservedContainer, 'owner'>> & { owner?: Partial<Owner> } = {},
): ObservedContainer {
  const owner: Owner = {
    ...{ instance: 'instance-1', module: 'web', uid: 'uid-1', revision: REVISION, slot: 0 },
    ...{ specHash: 'hash', commit: '', generation: 1 },
    ...overrides.owner,
  };
  return {
    ...{ id: `id-${owner.slot}`, name: containerName(owner) },
    ...{ imageId: 'sha256:image', createdFrom: 'sha256:image', memberships: [] },
    ...{ state: 'running', health: 'none', address: '172.18.0.2', error: '' },
    createdAt: new Date(NOON - 3_600_000).toISOString(),
    startedAt: new Date(NOON - 3_600_000).toISOString(),
    ...{ limits: LIMITS, exitCode: 0, oomKilled: false, finishedAt: undefined, restartCount: 0 },
    ...overrides,
    owner,
  };
}

/** A container that ran from `ranMs` before `endedMs` before NOON. */
export function anExited(
  { ranMs = 1_000, endedMs = 0, exitCode = 1 },
  overrides: Parameters<typeof aContainer>[0] = {},
): ObservedContainer {
  return aContainer({
    ...{ state: 'exited', exitCode, address: '' },
    startedAt: new Date(NOON - endedMs - ranMs).toISOString(),
    finishedAt: new Date(NOON - endedMs).toISOString(),
    ...overrides,
  });
}

/** A complete spec, as it is after defaults. */
export function aSpec(overrides: Partial<ModuleSpec> = {}): ModuleSpec {
  return {
    ...{ version: '1.0.0', type: 'miner', description: '', author: '', license: 'MIT' },
    ...{ image: 'sample:1', replicas: 1, command: [], args: [], env: [], ports: [], volumes: [] },
    resources: { memory: '512Mi', cpus: '1.0', pids: 256, gpus: [] },
    securityContext: { readOnlyRootFilesystem: true, addCapabilities: [], writablePaths: [] },
    strategy: {
      ...{ type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 600 },
      autoRollback: true,
    },
    ...{ dependsOn: [], updates: { policy: 'Manual' } },
    ...{ revisionHistoryLimit: 10, suspend: false },
    ...overrides,
  };
}

/** A manifest as it is after defaults. */
export function aManifest(name: string, spec: Partial<ModuleSpec> = {}): ModuleManifest {
  return { apiVersion: API_VERSION, kind: 'Module', metadata: { name }, spec: aSpec(spec) };
}
