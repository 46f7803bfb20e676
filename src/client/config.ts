import type { FileProblem, HeldPrune } from '../triggers/config/status.js';
import type { Client } from './http.js';

/** What the daemon says about its config directory. */
export interface ConfigReport {
  /** Absent when none is watched. */
  readonly directory?: string;
  readonly problems: readonly FileProblem[];
  readonly held?: HeldPrune;
}

export async function getConfig(client: Client): Promise<ConfigReport> {
  return (await client.json({ path: '/configz' })) as ConfigReport;
}

/**
 * Deletes the modules that are held, of those only `modules` when given; resolves to the names of
 * what was deleted. CONFLICT when none is held.
 */
export async function confirmPrune(
  client: Client,
  modules: readonly string[] | undefined,
): Promise<readonly string[]> {
  const path = '/configz/confirm-prune';
  const answer = await client.json({ method: 'POST', path, body: { modules } });
  return (answer as { deleted: readonly string[] }).deleted;
}

/** The lines to warn with; none when all is well. */
export function configWarnings({ problems, held }: ConfigReport): string[] {
  const broken = problems.flatMap((problem) => problem.errors);
  if (held === undefined) return broken;
  const names = held.modules.join(', ');
  return [
    ...broken,
    `${held.message}; run "registrar config confirm-prune" to delete ${names}, or bring the files back`,
  ];
}
