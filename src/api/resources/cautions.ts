import type { KindName, Kinds } from '../../kinds/registered.js';
import type { ApiDeps } from '../deps.js';

/** What to tell whoever wrote an object: that a module has to wait for what others have. */
export async function cautionsAbout(
  object: Kinds[KindName],
  dryRun: boolean,
  { operations }: Pick<ApiDeps, 'operations'>,
): Promise<readonly string[]> {
  return object.kind === 'Module' ? operations.cautions(object, !dryRun) : [];
}
