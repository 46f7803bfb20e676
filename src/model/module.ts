import Type from 'typebox';
import type { Static, TSchema } from 'typebox';
import { API_VERSION, ObjectMetaSchema } from './meta.js';
import type { StoredMeta } from './meta.js';
import { ConditionSchema } from './conditions.js';

/** An object that knows all its fields: an unknown one is an error, never ignored. */
const closed = <P extends Record<string, TSchema>>(
  properties: P,
  options: Type.TObjectOptions = {},
) => Type.Object(properties, { ...options, additionalProperties: false });

const DnsLabel = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const Port = { minimum: 1, maximum: 65535 };

const SourceSchema = closed(
  {
    repoUrl: Type.String({ minLength: 1, maxLength: 2048, description: 'https, ssh or git URL' }),
    branch: Type.String({
      default: 'main',
      minLength: 1,
      maxLength: 255,
      description: 'Branch or tag',
    }),
    commit: Type.String({
      default: '',
      maxLength: 64,
      description: 'Commit to pin, empty to resolve the branch',
    }),
    path: Type.String({
      default: '.',
      maxLength: 1024,
      description: 'Folder that holds the Dockerfile',
    }),
    dockerfile: Type.String({ default: 'Dockerfile', maxLength: 1024 }),
  },
  { description: 'Where the code of the module lives' },
);

const EnvSchema = closed({
  name: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$', maxLength: 255 }),
  value: Type.Optional(Type.String({ maxLength: 32768 })),
  valueFrom: Type.Optional(
    closed({ secretKeyRef: closed({ name: Type.String(), key: Type.String() }) }),
  ),
});

const PortSchema = closed({
  name: Type.String({ pattern: DnsLabel, maxLength: 15 }),
  containerPort: Type.Integer(Port),
  hostPort: Type.Optional(
    Type.Integer({ minimum: 1024, maximum: 65535, description: 'Published on the host when set' }),
  ),
  hostIp: Type.String({
    default: '127.0.0.1',
    format: 'ip',
    description: 'Host address to publish on',
  }),
  protocol: Type.Enum(['TCP', 'UDP'], { default: 'TCP' }),
});

const VolumeSchema = closed({
  name: Type.String({ pattern: DnsLabel, maxLength: 63 }),
  mountPath: Type.String({ pattern: '^/', maxLength: 1024 }),
  hostPath: Type.Optional(
    Type.String({
      pattern: '^/',
      maxLength: 1024,
      description: 'Folder of the host; a named volume when absent',
    }),
  ),
  readOnly: Type.Boolean({ default: false }),
});

const ResourcesSchema = closed(
  {
    memory: Type.String({
      default: '512Mi',
      pattern: '^[1-9][0-9]*(Ki|Mi|Gi)$',
      description: 'Limit, at least 6Mi',
    }),
    cpus: Type.String({
      default: '1.0',
      pattern: '^[0-9]+(\\.[0-9]{1,3})?$',
      description: 'Limit in processors',
    }),
    pids: Type.Integer({
      default: 256,
      minimum: 1,
      maximum: 32768,
      description: 'Limit of processes',
    }),
    gpus: Type.Array(Type.String(), { default: [], maxItems: 64, description: 'GPUs by UUID' }),
  },
  { default: {}, description: 'Limits; always set' },
);

const HealthCheckSchema = closed(
  {
    exec: Type.Optional(
      closed(
        { command: Type.Array(Type.String(), { minItems: 1, maxItems: 256 }) },
        { description: 'Healthy when the command exits 0' },
      ),
    ),
    http: Type.Optional(
      closed(
        {
          path: Type.String({ default: '/', pattern: '^/', maxLength: 2048 }),
          port: Type.Integer(Port),
        },
        { description: 'Healthy when GET answers 200 to 399' },
      ),
    ),
    tcp: Type.Optional(
      closed(
        { port: Type.Integer(Port) },
        { description: 'Healthy when the port accepts a connection' },
      ),
    ),
    intervalSeconds: Type.Integer({ default: 30, minimum: 1, maximum: 300 }),
    timeoutSeconds: Type.Integer({ default: 5, minimum: 1, maximum: 60 }),
    retries: Type.Integer({ default: 3, minimum: 1, maximum: 10 }),
    startPeriodSeconds: Type.Integer({ default: 0, minimum: 0, maximum: 3600 }),
  },
  { description: 'Exactly one of exec, http and tcp' },
);

const ProgressCheckSchema = closed({
  http: Type.Optional(
    closed({ path: Type.String(), port: Type.Integer(Port), field: Type.String() }),
  ),
  logPattern: Type.Optional(Type.String()),
  file: Type.Optional(Type.String()),
  withinSeconds: Type.Integer({ minimum: 1 }),
});

const SecurityContextSchema = closed(
  {
    runAsUser: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967294 })),
    readOnlyRootFilesystem: Type.Boolean({ default: true }),
    addCapabilities: Type.Array(Type.String({ pattern: '^[A-Z_]+$' }), {
      default: [],
      maxItems: 64,
    }),
    writablePaths: Type.Array(Type.String({ pattern: '^/', maxLength: 1024 }), {
      default: [],
      maxItems: 64,
      description: 'Extra paths with a sized tmpfs; /tmp always has one',
    }),
  },
  { default: {} },
);

const StrategySchema = closed(
  {
    type: Type.Enum(['Recreate', 'RollingUpdate'], { default: 'Recreate' }),
    progressDeadlineSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
    minReadySeconds: Type.Optional(Type.Integer({ minimum: 0 })),
    autoRollback: Type.Optional(Type.Boolean()),
  },
  { default: {} },
);

const UpdatesSchema = closed(
  {
    policy: Type.Enum(['Manual', 'Follow'], { default: 'Manual' }),
    intervalSeconds: Type.Optional(Type.Integer({ minimum: 10 })),
    cooldownSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
    range: Type.Optional(Type.String()),
  },
  { default: {} },
);

/**
 * What a user owns of a Module. Types describe the spec after defaults: a property with a
 * `default` may be left out of a manifest but is always there in a stored object.
 */
export const ModuleSpecSchema = closed(
  {
    version: Type.String({
      format: 'semver',
      maxLength: 256,
      description: 'Semantic version of the module',
    }),
    type: Type.Enum(['validator', 'miner', 'observer', 'inference', 'storage'], {
      description: 'What the module does in its subnet',
    }),
    description: Type.String({ default: '', maxLength: 4096 }),
    author: Type.String({ default: '', maxLength: 256 }),
    license: Type.String({
      format: 'spdx',
      maxLength: 256,
      description: 'SPDX licence expression',
    }),
    source: Type.Optional(SourceSchema),
    image: Type.String({
      default: '',
      maxLength: 512,
      format: 'image-reference-or-empty',
      description: 'Image to run instead of building; a tag is resolved to a digest once',
    }),
    replicas: Type.Integer({ default: 1, minimum: 0, maximum: 100 }),
    command: Type.Array(Type.String({ maxLength: 32768 }), { default: [], maxItems: 1024 }),
    args: Type.Array(Type.String({ maxLength: 32768 }), { default: [], maxItems: 1024 }),
    env: Type.Array(EnvSchema, { default: [], maxItems: 1024 }),
    ports: Type.Array(PortSchema, { default: [], maxItems: 128 }),
    volumes: Type.Array(VolumeSchema, { default: [], maxItems: 128 }),
    resources: ResourcesSchema,
    healthCheck: Type.Optional(HealthCheckSchema),
    progressCheck: Type.Optional(ProgressCheckSchema),
    securityContext: SecurityContextSchema,
    dependsOn: Type.Array(closed({ name: Type.String(), version: Type.Optional(Type.String()) }), {
      default: [],
      maxItems: 128,
    }),
    strategy: StrategySchema,
    updates: UpdatesSchema,
    revisionHistoryLimit: Type.Integer({ default: 10, minimum: 0, maximum: 1000 }),
    suspend: Type.Boolean({ default: false, description: 'Stop the containers, keep the module' }),
  },
  { description: 'Desired state of the module' },
);

const HealthSchema = Type.Enum(['none', 'starting', 'healthy', 'unhealthy']);

/** Why a container is not running any more, or could not be started. */
const LastExitSchema = closed({
  code: Type.Integer({ description: 'Exit code; 127 or 128 when the container could not start' }),
  reason: Type.String({ description: 'Completed, Error, OOMKilled, StartFailed' }),
  message: Type.Optional(Type.String()),
  at: Type.String({ description: 'RFC 3339' }),
});

/** What is remembered of one slot, across restarts of the daemon too. */
const ContainerStatusSchema = closed({
  slot: Type.Integer({ minimum: 0 }),
  name: Type.String(),
  id: Type.Optional(Type.String()),
  revision: Type.Optional(Type.String()),
  state: Type.String({
    description: 'created, running, paused, restarting, removing, exited, dead or missing',
  }),
  health: HealthSchema,
  ready: Type.Boolean(),
  restarts: Type.Integer({ description: 'Restarts by the engine and by Registrar' }),
  engineRestarts: Type.Integer({
    description: 'Restarts by the engine since Registrar last started it',
  }),
  startedAt: Type.Optional(Type.String()),
  lastExit: Type.Optional(LastExitSchema),
  failures: Type.Integer({
    description: 'Exits in a row without ten minutes of running between them',
  }),
  retryAt: Type.Optional(
    Type.String({ description: 'Not started before this time (crash-loop backoff)' }),
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

export const ModuleStatusSchema = closed(
  {
    phase: Type.Enum([...PHASES], { description: 'One-word summary of the conditions' }),
    observedGeneration: Type.Integer(),
    conditions: Type.Array(ConditionSchema),
    imageReference: Type.Optional(
      Type.String({ description: 'spec.image the digest was resolved from' }),
    ),
    imageId: Type.Optional(Type.String({ description: 'Id of the image in the engine' })),
    imageDigest: Type.Optional(
      Type.String({ description: 'Registry digest; the id for a local image' }),
    ),
    currentRevision: Type.Optional(Type.String({ description: 'Revision that is wanted now' })),
    replicas: Type.Integer({ description: 'Containers that exist' }),
    readyReplicas: Type.Integer(),
    restarts: Type.Integer(),
    containers: Type.Array(ContainerStatusSchema),
  },
  { description: 'What was observed; written by the controller only' },
);

/** The Module kind: validation, types, OpenAPI and the published JSON Schema all come from here. */
export const ModuleSchema = closed({
  apiVersion: Type.Literal(API_VERSION),
  kind: Type.Literal('Module'),
  metadata: ObjectMetaSchema,
  spec: ModuleSpecSchema,
  status: Type.Optional(ModuleStatusSchema),
});

export type Phase = (typeof PHASES)[number];
export type ModuleSpec = Static<typeof ModuleSpecSchema>;
export type ModuleStatus = Static<typeof ModuleStatusSchema>;
export type ContainerStatus = Static<typeof ContainerStatusSchema>;
export type LastExit = Static<typeof LastExitSchema>;
export type Health = Static<typeof HealthSchema>;
export type HealthCheck = Static<typeof HealthCheckSchema>;

/** What a manifest says, after defaults and validation. */
export type ModuleManifest = Static<typeof ModuleSchema>;

/** A Module as stored. */
export interface Module extends Omit<ModuleManifest, 'metadata' | 'status'> {
  metadata: StoredMeta;
  status: ModuleStatus;
}
