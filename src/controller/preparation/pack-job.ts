import type { EnvExample } from '../../kinds/module-version/schema.js';
import type { Module } from '../../model/module.js';
import { readEnvExample } from '../../source/env-example.js';
import type { Package } from '../../source/package.js';
import type { ReconcileContext } from '../context.js';
import type { Work } from '../jobs.js';
import type { Basis } from './basis.js';
import { repositoryLogin } from './credentials.js';
import { fetchOptions, locationOf } from './source-job.js';

/** What is known of a source when it was packed. */
export interface Packed extends Package {
  readonly envTemplate: readonly EnvExample[];
}

type Parts = Pick<ReconcileContext, 'sources' | 'packages' | 'registry'>;

/** Makes the package of a commit that was verified: from the cache, where verification left it. */
export function packSource(
  module: Module,
  commit: string,
  basis: Basis,
  { sources, packages, registry }: Parts,
): Work<Packed> {
  const location = locationOf(module);
  const folder = module.spec.source?.path ?? '.';
  return async (onProgress, signal) => {
    const options = fetchOptions(basis, repositoryLogin(module, { registry }).credentials);
    const { archive } = await sources.fetch(location, commit, options, onProgress, signal);
    onProgress('compressing');
    const made = await packages.keep(archive, signal);
    return { ...made, envTemplate: await readEnvExample(archive, folder, signal) };
  };
}
