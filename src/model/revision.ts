import { createHash } from 'node:crypto';
import { RESTARTED_AT_ANNOTATION } from './names.js';
import type { HealthCheck, ModuleSpec } from './module.js';

/** The part of a module that a container is made from: any change of it makes a new revision. */
export interface ContainerTemplate extends Pick<
  ModuleSpec,
  'command' | 'args' | 'env' | 'ports' | 'volumes' | 'resources' | 'securityContext'
> {
  readonly healthCheck?: HealthCheck;
  /** Set by `registrar restart`. */
  readonly restartedAt?: string;
}

/** JSON with sorted keys and without undefined values: equal values give equal text. */
export function stableJson(value: unknown): string {
  // By hand, because every write makes it: JSON.stringify with a function that sorts takes longer.
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item === undefined ? 'null' : stableJson(item))).join(',')}]`;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const key of Object.keys(object).toSorted()) {
    const inner = object[key];
    if (inner !== undefined) parts.push(`${JSON.stringify(key)}:${stableJson(inner)}`);
  }
  return `{${parts.join(',')}}`;
}

/** The template of a module; nothing that leaves the container as it is, such as replicas. */
export function templateOf(module: {
  spec: ModuleSpec;
  metadata: { annotations?: Record<string, string> };
}): ContainerTemplate {
  const { command, args, env, ports, volumes, resources, securityContext, healthCheck } =
    module.spec;
  const restartedAt = module.metadata.annotations?.[RESTARTED_AT_ANNOTATION];
  return {
    ...{ command, args, env, ports, volumes, resources, securityContext },
    ...(healthCheck === undefined ? {} : { healthCheck }),
    ...(restartedAt === undefined ? {} : { restartedAt }),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Hash of a template, 64 hexadecimal digits. */
export function specHash(template: ContainerTemplate): string {
  return sha256(stableJson(template));
}

/** What makes a revision another one. */
interface RevisionParts {
  readonly specHash: string;
  readonly commit: string;
  readonly imageId: string;
  /** Id of the registrar: two of them on one engine must not want the same container name. */
  readonly instance: string;
}

/** Name of a revision: a hash over what would run, and where. 16 hexadecimal digits. */
export function revisionName(parts: RevisionParts): string {
  return sha256(stableJson(parts)).slice(0, 16);
}
