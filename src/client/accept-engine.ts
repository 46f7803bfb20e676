import type { Client } from './http.js';

/** Has modules run on the engine that answers the server now; returns its id. */
export async function acceptEngine(client: Client): Promise<string> {
  const path = '/enginez/accept';
  return ((await client.json({ method: 'POST', path })) as { engineId: string }).engineId;
}
