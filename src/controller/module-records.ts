import type { Kinds } from '../kinds/registered.js';
import { MODULE_LABEL } from '../model/owner.js';
import type { Registry } from '../registry/registry.js';

/** Kinds of which the controller keeps some objects for each module, as long as the module is there. */
const RECORDS = ['Revision', 'Report', 'Rollout'] as const;

type RecordKind = (typeof RECORDS)[number];

/** What is kept of a kind for a module, in no order. */
export const recordsOf = <K extends RecordKind>(
  kind: K,
  module: string,
  registry: Pick<Registry, 'list'>,
): Kinds[K][] =>
  registry
    .list(kind)
    .items.map(({ object }) => object)
    .filter(({ metadata }) => metadata.labels?.[MODULE_LABEL] === module);

/** Forgets some of them. */
export async function forget<K extends RecordKind>(
  kind: K,
  records: readonly Pick<Kinds[K], 'metadata'>[],
  registry: Pick<Registry, 'delete'>,
): Promise<void> {
  await Promise.all(
    records.map(({ metadata: { name, uid } }) => registry.delete(kind, name, { uid })),
  );
}

/** Forgets all that is kept for a module that goes. */
export async function forgetRecords(module: string, registry: Registry): Promise<void> {
  for (const kind of RECORDS) await forget(kind, recordsOf(kind, module, registry), registry);
}
