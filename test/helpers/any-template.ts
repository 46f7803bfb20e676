import { fc } from '@fast-check/vitest';
import { CAPABILITIES } from '../../src/model/capabilities.js';
import { MAX_USER_ID } from '../../src/model/module.js';
import type { ContainerTemplate } from '../../src/model/revision.js';

/** Words that would mean something if they got into the wrong field. */
const hostile = fc.constantFrom(
  ...['host', 'container:other', '/var/run/docker.sock', '/', '/proc', '..', '__proto__'],
  ...['unconfined', 'privileged', 'ALL', 'SYS_ADMIN', '\u0000', 'a,exec,suid', '0', 'root'],
);
const word = fc.oneof(hostile, fc.string({ maxLength: 20 }));
const path = fc.oneof(
  hostile.map((text) => `/${text}`),
  fc.string({ maxLength: 20 }).map((text) => `/${text}`),
);
const portNumber = fc.integer({ min: 1, max: 65535 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Drops what is undefined, as a parsed manifest has no such properties. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const env = fc.record({ name: word, value: word });

const port = fc
  .record({
    name: word,
    containerPort: portNumber,
    hostPort: optional(fc.integer({ min: 1024, max: 65535 })),
    hostIp: fc.constantFrom('127.0.0.1', '0.0.0.0', '::1'),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
  })
  .map(compact);

const volume = fc
  .record({
    ...{ name: word, mountPath: path, hostPath: optional(path), readOnly: fc.boolean() },
    secret: optional(fc.record({ secretName: word, defaultMode: word })),
  })
  .map(compact);

const healthCheck = fc.record({
  exec: fc.record({ command: fc.array(word, { minLength: 1, maxLength: 3 }) }),
  intervalSeconds: fc.integer({ min: 1, max: 300 }),
  timeoutSeconds: fc.integer({ min: 1, max: 60 }),
  retries: fc.integer({ min: 1, max: 10 }),
  startPeriodSeconds: fc.integer({ min: 0, max: 3600 }),
});

/**
 * Templates that a schema could let through and worse: any text where texts go. What createOptions
 * refuses outright (capabilities that reach the host, GPUs, secrets) is not among them.
 */
export const anyTemplate = fc
  .record({
    command: fc.array(word, { maxLength: 3 }),
    args: fc.array(word, { maxLength: 3 }),
    env: fc.array(env, { maxLength: 3 }),
    ports: fc.array(port, { maxLength: 4 }),
    volumes: fc.array(volume, { maxLength: 4 }),
    resources: fc.record({
      memory: fc.integer({ min: 6, max: 4096 }).map((mebibytes) => `${mebibytes}Mi`),
      cpus: fc.constantFrom('0.5', '1', '1.25', '2.0'),
      pids: fc.integer({ min: 1, max: 32768 }),
      gpus: fc.uniqueArray(fc.constantFrom('GPU-1', 'GPU-2', 'MIG-3')),
    }),
    securityContext: fc
      .record({
        runAsUser: optional(fc.integer({ min: 0, max: MAX_USER_ID })),
        readOnlyRootFilesystem: fc.boolean(),
        addCapabilities: fc.subarray([...CAPABILITIES]),
        writablePaths: fc.array(path, { maxLength: 3 }),
      })
      .map(compact),
    healthCheck: optional(healthCheck),
  })
  .map((template) => compact<object>(template) as ContainerTemplate);
