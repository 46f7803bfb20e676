import type { Module } from './module.js';
import { stableHash } from './stable-hash.js';
import type { UpdatesStatus } from './updates-status.js';

/** Hash over what a spec itself asks to run: another one is what a person wants now. */
export function baseOf({ spec: { source, version, image } }: Pick<Module, 'spec'>): string {
  const { repoUrl, branch, commit } = source ?? {};
  return stableHash({ repoUrl, branch, commit, version, image });
}

/** What following found before, if it was of what the spec asks for now. */
export function memoryOf(module: Pick<Module, 'spec' | 'status'>): UpdatesStatus | undefined {
  const { updates } = module.status;
  return updates !== undefined && updates.base === baseOf(module) ? updates : undefined;
}

/** The version that a module is to run: of its manifest, or what was taken up since. */
export const versionOf = (module: Pick<Module, 'spec' | 'status'>): string =>
  memoryOf(module)?.current?.version || module.spec.version;
