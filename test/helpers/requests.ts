import type { BuildLimits, BuildRequest, CreateRequest } from '../../src/docker/runtime.js';
import type { Owner } from '../../src/model/owner.js';
import type { ContainerTemplate } from '../../src/model/revision.js';

const SLEEP = ['sleep', '1000'];

/** A template with all defaults that sleeps. */
export function aTemplate(overrides: Partial<ContainerTemplate> = {}): ContainerTemplate {
  return {
    ...{ command: SLEEP, args: [], env: [], ports: [], volumes: [] },
    resources: { memory: '64Mi', cpus: '0.5', pids: 32, gpus: [] },
    securityContext: { readOnlyRootFilesystem: true, addCapabilities: [], writablePaths: [] },
    ...overrides,
  };
}

export function anOwner(overrides: Partial<Owner> = {}): Owner {
  return {
    ...{ instance: 'instance-1', module: 'web', uid: 'uid-1', revision: 'aaaaaaaaaaaaaaaa' },
    ...{ slot: 0, specHash: 'hash', commit: '', generation: 1 },
    ...overrides,
  };
}

/** A request for a container that sleeps. */
export function aRequest(
  imageId: string,
  owner: Partial<Owner>,
  template: Partial<ContainerTemplate> = {},
  secrets: CreateRequest['secrets'] = new Map(),
): CreateRequest {
  const given = { secrets, files: [], uses: [] };
  return { owner: anOwner(owner), template: aTemplate(template), imageId, ...given };
}

export const BUILD_LIMITS: BuildLimits = {
  ...{ totalMs: 60_000, silenceMs: 30_000, logBytes: 64 * 1024 },
  ...{ memoryBytes: 128 * 1024 ** 2, nanoCpus: 1e9 },
  ...{ fileBytes: 1024 ** 3, diskBytes: 1024 ** 3 },
};

/** A request to build all of a commit. */
export function aBuild(
  archive: string,
  overrides: Partial<Omit<BuildRequest, 'limits'>> & { limits?: Partial<BuildLimits> } = {},
): BuildRequest {
  const { limits, ...rest } = overrides;
  return {
    ...{ archive, path: '.', dockerfile: 'Dockerfile', tag: 'registrar-test/web:1', labels: {} },
    ...rest,
    limits: { ...BUILD_LIMITS, ...limits },
  };
}
