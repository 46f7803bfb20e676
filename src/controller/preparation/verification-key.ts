import type { Module } from '../../model/module.js';
import type { RealPaths } from '../../verification/real-paths.js';
import { stableHash } from '../../model/stable-hash.js';
import type { Basis } from './basis.js';

/** What verification depends on. */
export interface Verified {
  readonly basis: Pick<Basis, 'policy'>;
  /** Empty while it is not known, and for a given image. */
  readonly commit: string;
  readonly registrarVersion: string;
  /** Versions of the modules that are there, by name. */
  readonly modules: ReadonlyMap<string, string>;
  /** Where its folders of the host really lead. */
  readonly realPaths: RealPaths;
}

/**
 * Hash over all that verification of a module depends on: an equal key means an equal report. What
 * no check looks at, such as how many containers there are, is not in it.
 */
export function verificationKey(module: Module, verified: Verified): string {
  const { metadata, spec } = module;
  const {
    replicas: _replicas,
    suspend: _suspend,
    updates: { gate },
    ...verifiable
  } = spec;
  const { policy } = verified.basis;
  const needed = spec.dependsOn.map(({ name }) => [name, verified.modules.get(name)]);
  const parts = {
    ...{ uid: metadata.uid, labels: metadata.labels, annotations: metadata.annotations },
    ...(gate !== undefined && { gate }),
    ...{ spec: verifiable, commit: verified.commit, needed, paths: [...verified.realPaths] },
    policy: policy && [policy.metadata.uid, policy.metadata.generation],
    registrar: verified.registrarVersion,
  };
  return stableHash(parts);
}
