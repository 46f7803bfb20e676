import Type from 'typebox';
import type { Static, TSchema } from 'typebox';
import { ConditionSchema } from './conditions.js';
import { keyedBy } from './list-types.js';
import { ObjectMetaSchema } from './meta.js';
import { API_VERSION } from './names.js';
import type { StoredMeta } from './meta.js';

/** An object that knows all its fields: an unknown one is an error, never ignored. */
const closed = <P extends Record<string, TSchema>>(
  properties: P,
  options: Type.TObjectOptions = {},
) => Type.Object(properties, { ...options, additionalProperties: false });

// `x-expected` says a pattern or format in words; it completes "expected …" in error messages.

const DnsLabel = {
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  'x-expected': 'lower-case letters, digits and "-", with a letter or digit at both ends',
};
const AbsolutePath = { pattern: '^/', maxLength: 1024, 'x-expected': 'an absolute path' };
const Port = { minimum: 1, maximum: 65535 };
/** Longest text of an argument or an environment variable. */
const MAX_TEXT = 32768;

const SourceSchema = closed(
  {
    repoUrl: Type.String({ minLength: 1, maxLength: 2048, description: 'https, ssh or git URL' }),
    branch: Type.String({
      default: 'main',
      minLength: 1,
      maxLength: 255,
      description: 'Branch or tag; resolved once to a commit',
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
    dockerfile: Type.String({
      default: 'Dockerfile',
      maxLength: 1024,
      description: 'Dockerfile to build from, relative to the folder',
    }),
  },
  { description: 'Where the code of the module lives' },
);

const SecretKeyRefSchema = closed(
  {
    name: Type.String({ maxLength: 253, description: 'Name of the Secret' }),
    key: Type.String({ maxLength: 253, description: 'Key in the Secret' }),
  },
  { description: 'A value of a Secret' },
);

const EnvSchema = closed({
  name: Type.String({
    pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$',
    maxLength: 255,
    description: 'Name of the variable, once in the list',
    'x-expected': 'letters, digits, "_", "." and "-", not beginning with a digit',
  }),
  value: Type.Optional(
    Type.String({ maxLength: MAX_TEXT, description: 'Value; either this or valueFrom' }),
  ),
  valueFrom: Type.Optional(
    closed({ secretKeyRef: SecretKeyRefSchema }, { description: 'Where the value comes from' }),
  ),
});

const PortSchema = closed({
  name: Type.String({
    ...DnsLabel,
    maxLength: 15,
    description: 'Name of the port, once in the list',
  }),
  containerPort: Type.Integer({ ...Port, description: 'Port the module listens on' }),
  hostPort: Type.Optional(
    Type.Integer({
      minimum: 1024,
      maximum: 65535,
      description: 'Published on the host when set; for one replica at most',
    }),
  ),
  hostIp: Type.String({
    default: '127.0.0.1',
    maxLength: 45,
    format: 'ip',
    description: 'Host address to publish on',
    'x-expected': 'an IP address',
  }),
  protocol: Type.Enum(['TCP', 'UDP'], {
    type: 'string',
    default: 'TCP',
    description: 'Transport protocol',
  }),
});

const VolumeSchema = closed({
  name: Type.String({
    ...DnsLabel,
    maxLength: 63,
    description: 'Name of the volume, once in the list',
  }),
  mountPath: Type.String({
    ...AbsolutePath,
    description: 'Where it appears in the container; not /, /proc, /sys or /dev',
  }),
  hostPath: Type.Optional(
    Type.String({
      ...AbsolutePath,
      description:
        'Folder of the host, under /data, /tmp or /var/log; a named volume that outlives the containers when absent',
    }),
  ),
  readOnly: Type.Boolean({ default: false, description: 'Whether the module can only read it' }),
});

const ResourcesSchema = closed(
  {
    memory: Type.String({
      default: '512Mi',
      pattern: '^[1-9][0-9]*(Ki|Mi|Gi)$',
      maxLength: 16,
      description: 'Limit of memory, at least 6Mi',
      'x-expected': 'a quantity in Ki, Mi or Gi such as 512Mi',
    }),
    cpus: Type.String({
      default: '1.0',
      pattern: '^[0-9]+(\\.[0-9]{1,3})?$',
      maxLength: 16,
      description: 'Limit in processors, at least 0.01',
      'x-expected': 'a number with at most three decimals such as "1.5"',
    }),
    pids: Type.Integer({
      default: 256,
      minimum: 1,
      maximum: 32768,
      description: 'Limit of processes and threads',
    }),
    gpus: Type.Array(Type.String({ maxLength: 128 }), {
      default: [],
      maxItems: 64,
      description: 'GPUs by UUID',
    }),
  },
  { default: {}, description: 'Limits of each container; always set' },
);

export const HealthCheckSchema = closed(
  {
    exec: Type.Optional(
      closed(
        {
          command: Type.Array(Type.String({ maxLength: MAX_TEXT }), {
            minItems: 1,
            maxItems: 256,
            description: 'Program and arguments, without a shell',
          }),
        },
        { description: 'Healthy when the command exits 0' },
      ),
    ),
    http: Type.Optional(
      closed(
        {
          path: Type.String({
            default: '/',
            pattern: '^/',
            maxLength: 2048,
            description: 'Path to get',
            'x-expected': 'a path that begins with "/"',
          }),
          port: Type.Integer({ ...Port, description: 'Port of the container' }),
        },
        { description: 'Healthy when GET answers 200 to 399' },
      ),
    ),
    tcp: Type.Optional(
      closed(
        { port: Type.Integer({ ...Port, description: 'Port of the container' }) },
        { description: 'Healthy when the port accepts a connection' },
      ),
    ),
    intervalSeconds: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 300,
      description: 'Time between two checks',
    }),
    timeoutSeconds: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 60,
      description: 'A check that takes longer has failed',
    }),
    retries: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 10,
      description: 'Failures in a row that make a container unhealthy',
    }),
    startPeriodSeconds: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 3600,
      description: 'Time after the start in which failures do not count',
    }),
  },
  { description: 'How to tell that a container works: exactly one of exec, http and tcp' },
);

const ProgressCheckSchema = closed(
  {
    http: Type.Optional(
      closed(
        {
          path: Type.String({ pattern: '^/', maxLength: 2048, description: 'Path to get' }),
          port: Type.Integer({ ...Port, description: 'Port of the container' }),
          field: Type.String({
            maxLength: 256,
            description: 'Field of the JSON answer that must change',
          }),
        },
        { description: 'Progress is a field that changes' },
      ),
    ),
    logPattern: Type.Optional(
      Type.String({ maxLength: 1024, description: 'Progress is a line of the log that matches' }),
    ),
    file: Type.Optional(
      Type.String({ ...AbsolutePath, description: 'Progress is a file that is written' }),
    ),
    withinSeconds: Type.Integer({
      minimum: 1,
      maximum: 604800,
      description: 'Longest time without progress',
    }),
  },
  { description: 'How to tell that a container is not stuck' },
);

const SecurityContextSchema = closed(
  {
    runAsUser: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 4294967294,
        description: 'User id to run as, not 0; that of the image when absent',
      }),
    ),
    readOnlyRootFilesystem: Type.Boolean({
      default: true,
      description: 'Whether the file system of the image is read-only',
    }),
    addCapabilities: Type.Array(
      Type.String({
        pattern: '^[A-Z_]+$',
        maxLength: 64,
        'x-expected': 'a capability such as NET_ADMIN',
      }),
      { default: [], maxItems: 64, description: 'Linux capabilities; none is given by itself' },
    ),
    writablePaths: Type.Array(Type.String(AbsolutePath), {
      default: [],
      maxItems: 64,
      description: 'Extra paths with a sized tmpfs; /tmp always has one',
    }),
  },
  { default: {}, description: 'What the processes may do' },
);

const DependencySchema = closed({
  name: Type.String({ ...DnsLabel, maxLength: 63, description: 'Name of the module' }),
  version: Type.Optional(
    Type.String({ maxLength: 256, description: 'Range of versions such as ^2.1' }),
  ),
});

const StrategySchema = closed(
  {
    type: Type.Enum(['Recreate', 'RollingUpdate'], {
      type: 'string',
      default: 'Recreate',
      description: 'Stop the old containers first, or start the new ones first',
    }),
    progressDeadlineSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 86400, description: 'Longest time a rollout may take' }),
    ),
    minReadySeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 86400,
        description: 'How long a new container must be healthy',
      }),
    ),
    autoRollback: Type.Optional(
      Type.Boolean({ description: 'Whether a failed rollout is undone' }),
    ),
  },
  { default: {}, description: 'How a change replaces the containers' },
);

const UpdatesSchema = closed(
  {
    policy: Type.Enum(['Manual', 'Follow'], {
      type: 'string',
      default: 'Manual',
      description: 'Whether new commits are taken up by themselves',
    }),
    intervalSeconds: Type.Optional(
      Type.Integer({ minimum: 10, maximum: 604800, description: 'Time between two looks' }),
    ),
    cooldownSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2592000,
        description: 'Age a commit must have, counted from when it was first seen',
      }),
    ),
    range: Type.Optional(
      Type.String({ maxLength: 256, description: 'Range of versions such as ^1.4' }),
    ),
  },
  { default: {}, description: 'How the source is followed' },
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
      'x-expected': 'a semantic version such as 1.4.2',
    }),
    type: Type.Enum(['validator', 'miner', 'observer', 'inference', 'storage'], {
      type: 'string',
      description: 'What the module does in its subnet',
    }),
    description: Type.String({
      default: '',
      maxLength: 4096,
      description: 'What it is, for people',
    }),
    author: Type.String({ default: '', maxLength: 256, description: 'Who is responsible for it' }),
    license: Type.String({
      format: 'spdx',
      maxLength: 256,
      description: 'SPDX licence expression, LicenseRef-… or NOASSERTION',
      'x-expected': 'an SPDX licence expression such as MIT',
    }),
    source: Type.Optional(SourceSchema),
    image: Type.String({
      default: '',
      maxLength: 512,
      format: 'image-reference-or-empty',
      description: 'Image to run instead of building; a tag is resolved to a digest once',
      'x-expected': 'an image reference such as ghcr.io/example/echo:1.4.2',
    }),
    replicas: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 100,
      description: 'How many containers run',
    }),
    command: Type.Array(Type.String({ maxLength: MAX_TEXT }), {
      default: [],
      maxItems: 1024,
      description: 'Replaces the entry point of the image',
    }),
    args: Type.Array(Type.String({ maxLength: MAX_TEXT }), {
      default: [],
      maxItems: 1024,
      description: 'Replaces the arguments of the image',
    }),
    env: Type.Array(EnvSchema, {
      default: [],
      maxItems: 1024,
      description: 'Environment variables',
      ...keyedBy('name'),
    }),
    ports: Type.Array(PortSchema, {
      default: [],
      maxItems: 128,
      description: 'Ports the module listens on',
      ...keyedBy('name'),
    }),
    volumes: Type.Array(VolumeSchema, {
      default: [],
      maxItems: 128,
      description: 'Storage that outlives a container',
      ...keyedBy('name'),
    }),
    resources: ResourcesSchema,
    healthCheck: Type.Optional(HealthCheckSchema),
    progressCheck: Type.Optional(ProgressCheckSchema),
    securityContext: SecurityContextSchema,
    dependsOn: Type.Array(DependencySchema, {
      default: [],
      maxItems: 128,
      description: 'Modules that must be ready first',
    }),
    strategy: StrategySchema,
    updates: UpdatesSchema,
    revisionHistoryLimit: Type.Integer({
      default: 10,
      minimum: 0,
      maximum: 1000,
      description: 'How many old revisions are kept',
    }),
    suspend: Type.Boolean({ default: false, description: 'Stop the containers, keep the module' }),
  },
  { description: 'Desired state of the module' },
);

const HealthSchema = Type.Enum(['none', 'starting', 'healthy', 'unhealthy'], {
  type: 'string',
  description: 'Result of the health check',
});

/** Why a container is not running any more, or could not be started. */
const LastExitSchema = closed(
  {
    code: Type.Integer({ description: 'Exit code; 127 or 128 when the container could not start' }),
    reason: Type.String({ description: 'Completed, Error, OOMKilled, StartFailed, PortConflict' }),
    message: Type.Optional(Type.String({ description: 'What the engine said' })),
    at: Type.String({ description: 'RFC 3339' }),
  },
  { description: 'How it last ended' },
);

/** What is remembered of one slot, across restarts of the daemon too. */
const ContainerStatusSchema = closed({
  slot: Type.Integer({ minimum: 0, description: 'Place among the replicas, from 0' }),
  name: Type.String({ description: 'Name in the engine' }),
  id: Type.Optional(Type.String({ description: 'Id in the engine' })),
  revision: Type.Optional(Type.String({ description: 'Revision it was made from' })),
  state: Type.String({
    description: 'created, running, paused, restarting, removing, exited, dead or missing',
  }),
  health: HealthSchema,
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
    phase: Type.Enum([...PHASES], {
      type: 'string',
      description: 'One-word summary of the conditions',
    }),
    observedGeneration: Type.Integer({ description: 'Generation that this is about' }),
    conditions: Type.Array(ConditionSchema, {
      description: 'What is true of the module, and since when',
      ...keyedBy('type'),
    }),
    imageReference: Type.Optional(
      Type.String({ description: 'spec.image the digest was resolved from' }),
    ),
    imageId: Type.Optional(Type.String({ description: 'Id of the image in the engine' })),
    imageDigest: Type.Optional(
      Type.String({ description: 'Registry digest; the id for a local image' }),
    ),
    currentRevision: Type.Optional(Type.String({ description: 'Revision that is wanted now' })),
    replicas: Type.Integer({ description: 'Containers that exist' }),
    readyReplicas: Type.Integer({ description: 'Containers that run and are healthy' }),
    restarts: Type.Integer({ description: 'Restarts of all containers' }),
    containers: Type.Array(ContainerStatusSchema, { description: 'One entry a slot' }),
  },
  { description: 'What was observed; written by the controller only' },
);

/** The Module kind: validation, types, OpenAPI and the published JSON Schema all come from here. */
export const ModuleSchema = closed({
  apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
  kind: Type.Literal('Module', { description: 'Kind of the object' }),
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
