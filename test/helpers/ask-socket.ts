import { get } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from './daemon.js';
import type { Site } from './daemon.js';

/** What the socket of a daemon answers. */
export function askSocket(
  { dataDir }: Pick<Site, 'dataDir'>,
  path: string,
): Promise<{ code: number; body: string }> {
  const socketPath = join(dataDir, 'registrar.sock');
  return new Promise((resolve, reject) => {
    get({ socketPath, path }, (answer) => {
      text(answer).then((body) => resolve({ code: answer.statusCode ?? 0, body }), reject);
    }).on('error', reject);
  });
}

/** Waits until a daemon that listens has also seen its engine, as a person would have by then. */
export const canWork = (site: Pick<Site, 'dataDir'>): Promise<void> =>
  eventually(async () => (await askSocket(site, '/readyz')).code === 200, 'the daemon is ready');
