import Type from 'typebox';
import type { Static } from 'typebox';
import { closed } from './closed.js';
import { ConditionSchema } from './condition.js';
import { keyedBy } from './list-types.js';
import { UpdatesStatusSchema } from './updates-status.js';
import { QuarantineSchema, RolloutSchema } from './rollout.js';

const HealthSchema = Type.Enum(['none', 'starting', 'healthy', 'unhealthy'], {
  type: 'string',
  description: 'Result of the health check',
});

/** Why a container is not running any more, or could not be started. */
const LastExitSchema = closed(
  {
    code: Type.Integer({ description: 'Exit code; 127 or 128 when the container could not start' }),
    reason: Type.String({
      description: 'Completed, Error, OOMKilled, StartFailed, PortConflict, Unhealthy, Stuck',
    }),
    message: Type.Optional(
      Type.String({ description: 'What the engine said, or what was wrong with it' }),
    ),
    at: Type.String({ description: 'RFC 3339' }),
  },
  { description: 'How it last ended' },
);

/** What is remembered of a revision in a slot, across restarts of the daemon too. */
const ContainerStatusSchema = closed({
  slot: Type.Integer({ minimum: 0, description: 'Place among the replicas, from 0' }),
  name: Type.String({ description: 'Name in the engine' }),
  id: Type.Optional(Type.String({ description: 'Id in the engine' })),
  revision: Type.String({ description: 'Revision it was made from' }),
  state: Type.String({
    description: 'created, running, paused, restarting, removing, exited, dead or missing',
  }),
  health: HealthSchema,
  healthMessage: Type.Optional(Type.String({ description: 'Why it is unhealthy' })),
  unhealthySince: Type.Optional(
    Type.String({ description: 'When its present run was first seen to be unhealthy; RFC 3339' }),
  ),
  ready: Type.Boolean({ description: 'Runs and is healthy' }),
  restarts: Type.Integer({ description: 'Restarts by the engine and by Registrar' }),
  engineRestarts: Type.Integer({
    description: 'Restarts by the engine since Registrar last started it',
  }),
  startedAt: Type.Optional(Type.String({ description: 'RFC 3339' })),
  previousStartedAt: Type.Optional(
    Type.String({ description: 'When the run of this container before that began; RFC 3339' }),
  ),
  lastExit: Type.Optional(LastExitSchema),
  failures: Type.Integer({
    description:
      'Exits and times of being unhealthy in a row, without ten minutes of running well between them',
  }),
  retryAt: Type.Optional(
    Type.String({ description: 'Not started or restarted before this time (crash-loop backoff)' }),
  ),
  readyAt: Type.Optional(
    Type.String({ description: 'Since when it is ready without a break; RFC 3339' }),
  ),
  stopped: Type.Optional(
    Type.Literal(true, { description: 'Registrar stopped it, to go back to if need be' }),
  ),
});

export const PHASES = [
  'Pending',
  'Verifying',
  'Building',
  'Deploying',
  'Running',
  'Degraded',
  'Failed',
  'Suspended',
  'Terminating',
  'Unknown',
] as const;

/** A branch, tag or pin of the spec, and the commit that it stood for when it was looked up. */
const ResolvedSourceSchema = closed(
  {
    repoUrl: Type.String({ description: 'spec.source.repoUrl that was looked up' }),
    branch: Type.String({ description: 'spec.source.branch that was looked up' }),
    pin: Type.String({ description: 'spec.source.commit that was asked for, empty for none' }),
    version: Type.String({ description: 'spec.version then: another one is looked up anew' }),
    ref: Type.String({ description: 'Branch or tag that was found, empty for a pin' }),
    commit: Type.String({ description: 'Commit that it stood for' }),
    resolvedAt: Type.String({ description: 'RFC 3339' }),
  },
  { description: 'The commit that is built, looked up once' },
);

const VerificationStatusSchema = closed(
  {
    report: Type.String({ description: 'Name of the Report' }),
    policy: Type.String({ description: 'Policy that decided, empty for none' }),
    passed: Type.Integer({ description: 'Checks that found nothing' }),
    blocking: Type.Integer({ description: 'Checks that keep it from running' }),
    warnings: Type.Integer({ description: 'Checks that found something and block nothing' }),
  },
  { description: 'What verification came to' },
);

export const ModuleStatusSchema = closed(
  {
    phase: Type.Enum([...PHASES], {
      type: 'string',
      description: 'One-word summary of the conditions',
    }),
    observedGeneration: Type.Integer({ description: 'Generation that this is about' }),
    conditions: Type.Array(ConditionSchema, {
      description: 'What is true of the module, and since when',
      ...keyedBy('type'),
    }),
    commit: Type.Optional(Type.String({ description: 'Commit that the image was built from' })),
    version: Type.Optional(
      Type.String({ description: 'Published version that containers were last made from' }),
    ),
    source: Type.Optional(ResolvedSourceSchema),
    updates: Type.Optional(UpdatesStatusSchema),
    verification: Type.Optional(VerificationStatusSchema),
    imageReference: Type.Optional(
      Type.String({
        description: 'spec.image the digest was resolved from, or the tag it was built as',
      }),
    ),
    imageId: Type.Optional(Type.String({ description: 'Id of the image in the engine' })),
    imageDigest: Type.Optional(
      Type.String({ description: 'Registry digest; the id for a local image' }),
    ),
    currentRevision: Type.Optional(
      Type.String({ description: 'Revision that ran well last: a failed rollout goes back to it' }),
    ),
    updatedRevision: Type.Optional(Type.String({ description: 'Revision that the spec asks for' })),
    rollout: Type.Optional(RolloutSchema),
    quarantined: Type.Optional(
      Type.Array(QuarantineSchema, {
        description:
          'Revisions that failed; not tried again before the spec, commit or image changes',
        ...keyedBy('revision'),
      }),
    ),
    replicas: Type.Integer({ description: 'Containers that exist' }),
    readyReplicas: Type.Integer({ description: 'Containers that run and are healthy' }),
    restarts: Type.Integer({ description: 'Restarts of all containers' }),
    containers: Type.Array(ContainerStatusSchema, {
      description: 'One entry a slot, two for the time of a swap: the newer revision first',
    }),
  },
  { description: 'What was observed; written by the controller only' },
);

export type Phase = (typeof PHASES)[number];
export type ModuleStatus = Static<typeof ModuleStatusSchema>;
export type ContainerStatus = Static<typeof ContainerStatusSchema>;
export type ResolvedCommit = Static<typeof ResolvedSourceSchema>;
export type VerificationStatus = Static<typeof VerificationStatusSchema>;
export type LastExit = Static<typeof LastExitSchema>;
export type Health = Static<typeof HealthSchema>;
