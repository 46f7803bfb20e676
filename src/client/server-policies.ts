import { POLICY } from '../model/kinds.js';
import type { Policy } from '../model/policy.js';
import type { Client } from './http.js';
import { collectionPath } from './resource.js';

/** A policy, and the server that it is from. */
export type ServerPolicy = Pick<Policy, 'metadata' | 'spec'> & { readonly from: string };

/** All policies of a server. */
export async function serverPolicies(client: Client): Promise<ServerPolicy[]> {
  const answer = (await client.json({ path: collectionPath(POLICY) })) as {
    readonly items: readonly Policy[];
  };
  return answer.items.map((policy) => ({ ...policy, from: client.address.url }));
}
