import type { KeyRotation } from '../registry/registry.js';
import type { Client } from './http.js';

/** Has the server put the values of all Secrets under another key. */
export async function rotateKeys(client: Client): Promise<KeyRotation> {
  const path = '/secretz/rotate-keys';
  return (await client.json({ method: 'POST', path })) as KeyRotation;
}
