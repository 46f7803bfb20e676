import type { CleanUpReport } from '../model/clean-up.js';
import type { Client } from './http.js';

const PATH = '/gcz';

/** What nothing needs: removed, or only told in a dry run. */
export async function cleanUp(client: Client, dryRun: boolean): Promise<CleanUpReport> {
  const request = dryRun
    ? ({ method: 'GET', path: PATH } as const)
    : ({ method: 'POST', path: `${PATH}/collect` } as const);
  return (await client.json(request)) as CleanUpReport;
}

/** Removes a volume whose module is gone. */
export async function removeVolume(client: Client, name: string): Promise<void> {
  await client.json({ method: 'POST', path: `${PATH}/remove-volume`, body: { name } });
}
