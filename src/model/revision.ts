import { stableHash } from './stable-hash.js';
import { RESTARTED_AT_ANNOTATION } from './names.js';
import type { HealthCheck, ModuleSpec } from './module.js';

/** The part of a module that a container is made from: any change of it makes a new revision. */
export interface ContainerTemplate extends Pick<
  ModuleSpec,
  'command' | 'args' | 'env' | 'ports' | 'volumes' | 'resources' | 'securityContext'
> {
  readonly healthCheck?: HealthCheck;
  /** Set by `registrar rollout restart`. */
  readonly restartedAt?: string;
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

/** Hash of a template, 64 hexadecimal digits. */
export function specHash(template: ContainerTemplate): string {
  return stableHash(template);
}

/** What makes a revision another one. */
interface RevisionParts {
  readonly specHash: string;
  readonly commit: string;
  readonly imageId: string;
  /** Hash over what stands for the secret values, left out when there are none. */
  readonly secrets?: string;
  /** Id of the registrar: two of them on one engine must not want the same container name. */
  readonly instance: string;
}

/** Name of a revision: a hash over what would run, and where. 16 hexadecimal digits. */
export function revisionName(parts: RevisionParts): string {
  return stableHash(parts).slice(0, 16);
}
