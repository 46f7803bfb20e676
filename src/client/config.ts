import { keyText } from '../model/kinds.js';
import type { ObjectKey } from '../model/kinds.js';
import type { FileProblem, HeldPrune } from '../triggers/config/status.js';
import type { Client } from './http.js';

/** What the daemon says about its config directory. */
export interface ConfigReport {
  /** Absent when none is watched. */
  readonly directory?: string;
  readonly problems: readonly FileProblem[];
  readonly held?: HeldPrune;
  /** Why its policies are not known, and new revisions wait. */
  readonly policyProblem?: string;
}

export async function getConfig(client: Client): Promise<ConfigReport> {
  return (await client.json({ path: '/configz' })) as ConfigReport;
}

/**
 * Deletes what is held, of that only `objects` when given; resolves to what was deleted. CONFLICT
 * when nothing is held.
 */
export async function confirmPrune(
  client: Client,
  objects: readonly ObjectKey[] | undefined,
): Promise<readonly ObjectKey[]> {
  const path = '/configz/confirm-prune';
  const answer = await client.json({ method: 'POST', path, body: { objects } });
  return (answer as { deleted: readonly ObjectKey[] }).deleted;
}

/** The lines to warn with; none when all is well. */
export function configWarnings({ problems, held }: ConfigReport): string[] {
  const broken = problems.flatMap((problem) => problem.errors);
  if (held === undefined) return broken;
  const names = held.objects.map(keyText).join(', ');
  return [
    ...broken,
    `${held.message}; run "registrar config confirm-prune" to delete ${names}, or bring the files back`,
  ];
}
