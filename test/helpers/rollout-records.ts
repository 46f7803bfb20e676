import type { Revision } from '../../src/kinds/revision/schema.js';
import type { Rollout } from '../../src/kinds/rollout/schema.js';
import type { Condition } from '../../src/model/condition.js';
import type { Module } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import { templateOf } from '../../src/model/revision.js';
import { aManifest, NOON } from './builders.js';

/** Seconds after noon. */
export const at = (seconds: number): string => new Date(NOON + seconds * 1_000).toISOString();

const metadata = (name: string) => ({
  ...{ name, uid: `uid-${name}`, resourceVersion: '1', generation: 1, creationTimestamp: at(0) },
});

/** Revisions are named by letters: `a` is `aaaaaaaaaaaaaaaa`. */
export const hash = (letter: string): string => letter.repeat(16);

export function aRevision(letter: string, number: number, value = letter): Revision {
  const revision = hash(letter);
  return {
    ...{ apiVersion: API_VERSION, kind: 'Revision', metadata: metadata(`web-${revision}`) },
    spec: {
      ...{ module: 'web', revision, number, generation: number, version: '1.0.0', commit: '' },
      ...{ specHash: 'x', image: 'sample:1', imageId: 'id', imageDigest: 'sha256:1' },
      template: templateOf(aManifest('web', { env: [{ name: 'A', value }] })),
    },
  };
}

export function aReceipt(number: number, to: string, more: Partial<Rollout['spec']> = {}): Rollout {
  return {
    ...{ apiVersion: API_VERSION, kind: 'Rollout', metadata: metadata(`web-${number}`) },
    spec: {
      ...{
        module: 'web',
        generation: 1,
        version: '1.0.0',
        actor: 'ada',
        cause: 'spec.env[0].value',
      },
      ...{ number, to: hash(to), order: 'start-first', because: 'both can run at once', ready: 1 },
      ...{ state: 'Complete', startedAt: at(number), progressedAt: at(number) },
      endedAt: at(number + 5),
      ...more,
    },
  };
}

/** A condition as the controller writes it, about the first generation. */
export const aCondition = (
  type: string,
  status: Condition['status'],
  reason: string,
  message = '',
): Condition => ({
  ...{ type, status, reason, message, lastTransitionTime: at(0), observedGeneration: 1 },
});

/** A module that runs its first revision `a`. */
export function aRolledModule(
  status: Partial<Module['status']> = {},
  annotations: Record<string, string> = {},
): Module {
  return {
    ...aManifest('web'),
    metadata: { ...metadata('web'), annotations },
    status: {
      ...{ phase: 'Running', observedGeneration: 1, replicas: 1, readyReplicas: 1, restarts: 0 },
      ...{ currentRevision: hash('a'), updatedRevision: hash('a'), containers: [] },
      conditions: [aCondition('Ready', 'True', 'AllReady')],
      ...status,
    },
  };
}
