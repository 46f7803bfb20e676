import Type from 'typebox';
import type { Static } from 'typebox';
import { closed } from './closed.js';
import { CAPABILITIES } from './capabilities.js';
import { ModuleStatusSchema } from './module-status.js';
import type { ModuleStatus } from './module-status.js';
import { keyedBy } from './list-types.js';
import { ObjectMetaSchema } from './meta.js';
import { API_VERSION } from './names.js';
import type { StoredMeta } from './meta.js';
import { SecretName } from './secret-name.js';
import { UpdatesSchema } from './updates-spec.js';

// `x-expected` says a pattern or format in words; it completes "expected …" in error messages.

const DnsLabel = {
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  'x-expected': 'lower-case letters, digits and "-", with a letter or digit at both ends',
};
const AbsolutePath = { pattern: '^/', maxLength: 1024, 'x-expected': 'an absolute path' };
const Port = { minimum: 1, maximum: 65535 };
/** Longest text of an argument or an environment variable. */
const MAX_TEXT = 32768;

const SecretKey = {
  pattern: '^[-._a-zA-Z0-9]+$',
  maxLength: 253,
  'x-expected': 'letters, digits, "-", "_" and "."',
};

/** What a module can do in its subnet. */
export const MODULE_TYPES = ['validator', 'miner', 'observer', 'inference', 'storage'] as const;

const SourceSchema = closed(
  {
    repoUrl: Type.String({
      minLength: 1,
      maxLength: 2048,
      description: 'https or ssh URL, without a login and a query',
    }),
    branch: Type.String({
      default: 'main',
      minLength: 1,
      maxLength: 255,
      description: 'Branch or tag; resolved once to a commit',
    }),
    commit: Type.String({
      default: '',
      maxLength: 64,
      pattern: '^([0-9a-f]{40}|[0-9a-f]{64})?$',
      description: 'Commit to pin, empty to resolve the branch',
      'x-expected': 'a full commit id: 40 or 64 lower-case hexadecimal digits',
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
    secret: Type.Optional(
      Type.String({
        ...SecretName,
        description:
          'Name of a Secret of type ssh or basic, for a repository that asks for a login over ssh or https',
      }),
    ),
  },
  { description: 'Where the code of the module lives' },
);

const SecretKeyRefSchema = closed(
  {
    name: Type.String({ ...SecretName, description: 'Name of the Secret' }),
    key: Type.String({ ...SecretKey, description: 'Key in the Secret' }),
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
      ...Port,
      description:
        'Published on the host when set, within the range of the policy; for one replica at most',
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

const FileMode = {
  pattern: '^0[0-7]{3}$',
  maxLength: 4,
  'x-expected': 'an octal mode in quotes such as "0400"',
};

const SecretFileSchema = closed({
  key: Type.String({ ...SecretKey, description: 'Key in the Secret' }),
  path: Type.String({
    pattern: '^[-._a-zA-Z0-9]+(/[-._a-zA-Z0-9]+)*$',
    maxLength: 255,
    description: 'File below mountPath that has its value',
    'x-expected': 'a relative path of letters, digits, "-", "_", "." and "/"',
  }),
  mode: Type.Optional(
    Type.String({ ...FileMode, description: 'Mode of this file; defaultMode when absent' }),
  ),
});

const SecretVolumeSchema = closed(
  {
    secretName: Type.String({ ...SecretName, description: 'Name of the Secret' }),
    items: Type.Optional(
      Type.Array(SecretFileSchema, {
        minItems: 1,
        maxItems: 64,
        description: 'Which keys, and the files for them; a file for each key when absent',
      }),
    ),
    defaultMode: Type.String({
      ...FileMode,
      default: '0400',
      description: "Mode of the files, which are the user's that the container runs as",
    }),
  },
  {
    description: 'Values of a Secret as files in memory, which the module can only read',
  },
);

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
        'Folder of the host, below one that the policy allows; a named volume that outlives the containers when neither this nor secret is there',
    }),
  ),
  secret: Type.Optional(SecretVolumeSchema),
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
    gpus: Type.Array(
      Type.String({
        pattern: '^(GPU|MIG)-[0-9A-Za-z/-]+$',
        maxLength: 128,
        'x-expected': 'a UUID as "nvidia-smi -L" prints it, such as GPU-8932f937',
      }),
      {
        default: [],
        maxItems: 64,
        description: 'NVIDIA GPUs by UUID, for this module alone; for one replica at most',
      },
    ),
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

export const ProgressCheckSchema = closed(
  {
    http: Type.Optional(
      closed(
        {
          path: Type.String({ pattern: '^/', maxLength: 2048, description: 'Path to get' }),
          port: Type.Integer({ ...Port, description: 'Port of the container' }),
          field: Type.String({
            minLength: 1,
            maxLength: 256,
            description: 'Field of the JSON answer that must change, such as chain.height',
          }),
        },
        { description: 'Progress is a field that changes, in the answer to GET' },
      ),
    ),
    logPattern: Type.Optional(
      Type.String({
        format: 'linear-pattern',
        minLength: 1,
        maxLength: 1024,
        description: "Progress is a new line of the log that matches, in RE2's syntax",
        'x-expected': 'a regular expression that RE2 takes, and not a very large one',
      }),
    ),
    file: Type.Optional(
      Type.String({
        ...AbsolutePath,
        description: 'Progress is a file that is written, in a volume',
      }),
    ),
    withinSeconds: Type.Integer({
      minimum: 5,
      maximum: 604800,
      description: 'Longest time without progress',
    }),
  },
  {
    description:
      'How to tell that a container is not stuck: exactly one of http, logPattern and file',
  },
);

/** Highest id of a user or group that the engine starts a process with: it takes 31 bits. */
export const MAX_USER_ID = 2_147_483_647;

const SecurityContextSchema = closed(
  {
    runAsUser: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_USER_ID,
        description: 'User id to run as; 0 where a policy allows it; that of the image when absent',
      }),
    ),
    readOnlyRootFilesystem: Type.Boolean({
      default: true,
      description:
        'Whether the file system of the image is read-only; false where a policy allows it',
    }),
    addCapabilities: Type.Array(Type.Enum([...CAPABILITIES], { type: 'string' }), {
      default: [],
      maxItems: CAPABILITIES.length,
      description:
        'Linux capabilities that a policy allows; only root has them, none is given by itself',
    }),
    writablePaths: Type.Array(Type.String(AbsolutePath), {
      default: [],
      maxItems: 64,
      description: 'Extra paths with a sized tmpfs; /tmp always has one',
    }),
  },
  { default: {}, description: 'What the processes may do' },
);

const DependencySchema = closed({
  name: Type.String({
    ...DnsLabel,
    maxLength: 63,
    description: 'Name of the module, once in the list',
  }),
  version: Type.Optional(
    Type.String({
      format: 'semver-range',
      minLength: 1,
      maxLength: 256,
      description: 'Range of versions such as ^2.1; any version when absent',
      'x-expected': 'a range of versions such as ^2.1 or ">=1.4 <3"',
    }),
  ),
});

const StrategySchema = closed(
  {
    type: Type.Enum(['RollingUpdate', 'Recreate'], {
      type: 'string',
      default: 'RollingUpdate',
      description:
        'RollingUpdate changes a few containers at a time, new ones first where both can run at once; Recreate stops all old ones first',
    }),
    maxSurge: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 100,
      description:
        'How many containers there may be beyond replicas; with 0 the old one stops first',
    }),
    maxUnavailable: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 100,
      description:
        'How many containers may be missing where the old one stops first; one is, where it must',
    }),
    progressDeadlineSeconds: Type.Integer({
      default: 600,
      minimum: 1,
      maximum: 86400,
      description: 'A rollout has failed when for so long no other container became ready',
    }),
    minReadySeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3600,
        description:
          'How long a new container is ready before the old one goes: 10 when absent, 0 with a health check',
      }),
    ),
    autoRollback: Type.Boolean({
      default: true,
      description: 'Whether a failed rollout goes back to the revision before',
    }),
  },
  { default: {}, description: 'How a change replaces the containers' },
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
    type: Type.Enum([...MODULE_TYPES], {
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
    imagePullSecret: Type.Optional(
      Type.String({
        ...SecretName,
        description: 'Name of a Secret of type registry, for an image that asks for a login',
      }),
    ),
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
      description: 'Storage that outlives a container, and files from Secrets',
      ...keyedBy('name'),
    }),
    resources: ResourcesSchema,
    healthCheck: Type.Optional(HealthCheckSchema),
    progressCheck: Type.Optional(ProgressCheckSchema),
    securityContext: SecurityContextSchema,
    dependsOn: Type.Array(DependencySchema, {
      default: [],
      maxItems: 128,
      description: 'Modules that must be ready first, and are reached by their names',
      ...keyedBy('name'),
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

/** The Module kind: validation, types, OpenAPI and the published JSON Schema all come from here. */
export const ModuleSchema = closed({
  apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
  kind: Type.Literal('Module', { description: 'Kind of the object' }),
  metadata: ObjectMetaSchema,
  spec: ModuleSpecSchema,
  status: Type.Optional(ModuleStatusSchema),
});

export type ModuleSpec = Static<typeof ModuleSpecSchema>;
export type HealthCheck = Static<typeof HealthCheckSchema>;
export type ProgressCheck = Static<typeof ProgressCheckSchema>;

/** What a manifest says, after defaults and validation. */
export type ModuleManifest = Static<typeof ModuleSchema>;

/** A Module as stored. */
export interface Module extends Omit<ModuleManifest, 'metadata' | 'status'> {
  metadata: StoredMeta;
  status: ModuleStatus;
}
