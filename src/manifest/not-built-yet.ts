import type { ModuleSpec } from '../model/module.js';
import type { Finding } from './finding.js';
import type { Rule } from './rule.js';

/** A field that the schema has but that nothing acts on yet: better refused than ignored. */
interface Gap {
  /** Path below spec. */
  readonly path: readonly [keyof ModuleSpec, ...string[]];
  readonly isUsed: (spec: ModuleSpec) => boolean;
  /** What is missing and what to do. */
  readonly sentence: string;
  /** FieldValueForbidden when absent. */
  readonly reason?: Finding['reason'];
}

const leaveOut = (what: string): string => `${what} not available yet: leave it out`;

const GAPS: readonly Gap[] = [
  {
    path: ['image'],
    isUsed: ({ image }) => image === '',
    sentence: 'building from spec.source is not available yet: set spec.image',
    reason: 'FieldValueRequired',
  },
  {
    path: ['source', 'commit'],
    isUsed: ({ source }) => (source?.commit ?? '') !== '',
    sentence: leaveOut('pinning a commit is'),
  },
  {
    path: ['source', 'path'],
    isUsed: ({ source }) => (source?.path ?? '.') !== '.',
    sentence: leaveOut('building is'),
  },
  {
    path: ['source', 'dockerfile'],
    isUsed: ({ source }) => (source?.dockerfile ?? 'Dockerfile') !== 'Dockerfile',
    sentence: leaveOut('building is'),
  },
  {
    path: ['env'],
    isUsed: ({ env }) => env.some(({ valueFrom }) => valueFrom !== undefined),
    sentence: 'valueFrom is not available yet: set value',
  },
  {
    path: ['resources', 'gpus'],
    isUsed: ({ resources }) => resources.gpus.length > 0,
    sentence: leaveOut('giving GPUs to a module is'),
  },
  {
    path: ['progressCheck'],
    isUsed: ({ progressCheck }) => progressCheck !== undefined,
    sentence: 'checking progress is not available yet: leave it out or set spec.healthCheck',
  },
  {
    path: ['securityContext', 'readOnlyRootFilesystem'],
    isUsed: ({ securityContext }) => !securityContext.readOnlyRootFilesystem,
    sentence:
      'a writable root needs a policy that allows it, and there are none yet: list what must be writable in writablePaths',
  },
  {
    path: ['securityContext', 'addCapabilities'],
    isUsed: ({ securityContext }) => securityContext.addCapabilities.length > 0,
    sentence: 'capabilities need a policy that allows them, and there are none yet: leave it out',
  },
  {
    path: ['dependsOn'],
    isUsed: ({ dependsOn }) => dependsOn.length > 0,
    sentence: leaveOut('waiting for other modules is'),
  },
  {
    path: ['strategy', 'type'],
    isUsed: ({ strategy }) => strategy.type !== 'Recreate',
    sentence: 'rolling updates are not available yet: set Recreate',
  },
  {
    path: ['strategy', 'progressDeadlineSeconds'],
    isUsed: ({ strategy }) => strategy.progressDeadlineSeconds !== undefined,
    sentence: leaveOut('a deadline of rollouts is'),
  },
  {
    path: ['strategy', 'minReadySeconds'],
    isUsed: ({ strategy }) => strategy.minReadySeconds !== undefined,
    sentence: leaveOut('waiting for a container to stay healthy is'),
  },
  {
    path: ['strategy', 'autoRollback'],
    isUsed: ({ strategy }) => strategy.autoRollback === true,
    sentence: leaveOut('undoing rollouts is'),
  },
  {
    path: ['updates', 'policy'],
    isUsed: ({ updates }) => updates.policy !== 'Manual',
    sentence: 'following a source is not available yet: set Manual',
  },
  {
    path: ['updates', 'intervalSeconds'],
    isUsed: ({ updates }) => updates.intervalSeconds !== undefined,
    sentence: leaveOut('following a source is'),
  },
  {
    path: ['updates', 'cooldownSeconds'],
    isUsed: ({ updates }) => updates.cooldownSeconds !== undefined,
    sentence: leaveOut('following a source is'),
  },
  {
    path: ['updates', 'range'],
    isUsed: ({ updates }) => updates.range !== undefined,
    sentence: leaveOut('following a source is'),
  },
];

/** One rule a gap; work that closes a gap deletes its row. */
export const NOT_BUILT_YET: readonly Rule[] = GAPS.map(
  ({ path, isUsed, sentence, reason = 'FieldValueForbidden' }) => ({
    reads: [`spec.${path[0]}`],
    find: ({ spec }) =>
      isUsed(spec) ? [{ path: ['spec', ...path], reason, detail: sentence }] : [],
  }),
);
