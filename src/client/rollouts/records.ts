import type { Revision } from '../../kinds/revision/schema.js';
import type { Rollout } from '../../kinds/rollout/schema.js';
import type { KindNames } from '../../model/kinds.js';
import { REVISION, ROLLOUT } from '../../model/kinds.js';
import type { Client } from '../http.js';
import { collectionPath } from '../resource.js';

/** What is recorded of the changes of a module, each list with the oldest first. */
export interface Records {
  readonly receipts: readonly Rollout[];
  readonly revisions: readonly Revision[];
}

interface Numbered {
  readonly spec: { readonly number: number };
}

async function recordsOf<T extends Numbered>(
  client: Client,
  kind: KindNames,
  module: string,
): Promise<T[]> {
  const query = { fieldSelector: `spec.module=${module}` };
  const { items } = (await client.json({ path: collectionPath(kind), query })) as {
    readonly items: T[];
  };
  return items.toSorted((a, b) => a.spec.number - b.spec.number);
}

export const listReceipts = (client: Client, module: string): Promise<Rollout[]> =>
  recordsOf<Rollout>(client, ROLLOUT, module);

export const listRevisions = (client: Client, module: string): Promise<Revision[]> =>
  recordsOf<Revision>(client, REVISION, module);

export async function listRecords(client: Client, module: string): Promise<Records> {
  const [receipts, revisions] = await Promise.all([
    listReceipts(client, module),
    listRevisions(client, module),
  ]);
  return { receipts, revisions };
}
