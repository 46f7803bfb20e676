import { RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { shortRevision } from '../../model/owner.js';
import type { RolloutStatus } from '../../model/rollout.js';
import type { Client } from '../http.js';
import { evidenceLines } from '../render/rollout.js';
import type { Check } from '../wait.js';
import { listReceipts, listRevisions } from './records.js';
import { standingOf } from './standing.js';
import type { RolloutFailure, Standing } from './standing.js';

/** Says a line about what goes on. */
type Tell = (line: string) => void;

/**
 * Over when a module is as asked for, or stopped on purpose. Tells what goes on, each thing once.
 * CONFLICT when it failed or only a person can help, after the evidence was told; NOT_FOUND when it
 * is gone.
 */
export function untilRolledOut(client: Client, tell: Tell): Check {
  const told = new Map<string, string>();
  const tellOnce = (topic: string, line: string): void => {
    if (told.get(topic) !== line) tell(line);
    told.set(topic, line);
  };
  return async (module, name) => {
    if (module === undefined) throw new RegistrarError('NOT_FOUND', `Module "${name}" was deleted`);
    const standing = await standingNow(client, module);
    if (standing.kind === 'failed') throw await failed(client, module, standing, tell);
    if (standing.kind === 'done') return true;
    const { rollout } = module.status;
    if (rollout?.state === 'Progressing') tellOnce(`${name} begins`, beginning(name, rollout));
    tellOnce(name, `Waiting for module "${name}": ${standing.message}`);
    return false;
  };
}

/** How a module stands now. */
export const standingNow = async (client: Client, module: Module): Promise<Standing> =>
  standingOf(module, await listRevisions(client, module.metadata.name));

const beginning = (name: string, { number, from, to, order, because }: RolloutStatus): string =>
  from === undefined
    ? `Rollout ${number} of module "${name}" brings revision ${shortRevision(to)}`
    : `Rollout ${number} of module "${name}" goes from revision ${shortRevision(from)} to ${shortRevision(to)}, ${order}: ${because}`;

/** What a rollout or module failed by, after what was seen was told. */
export async function failed(
  client: Client,
  module: Module,
  { message, isRollout, hasEvidence }: RolloutFailure,
  tell: Tell,
): Promise<RegistrarError> {
  const { name } = module.metadata;
  if (hasEvidence) await tellEvidence(client, module, tell);
  const text = isRollout
    ? `The rollout of module "${name}" did not succeed: ${message}`
    : `Module "${name}" cannot become ready: ${message}; change its manifest and apply it again`;
  return new RegistrarError('CONFLICT', text);
}

async function tellEvidence(client: Client, module: Module, tell: Tell): Promise<void> {
  const { updatedRevision } = module.status;
  const receipts = await listReceipts(client, module.metadata.name);
  const last = receipts.findLast(({ spec }) => spec.to === updatedRevision);
  if (last?.spec.evidence !== undefined) evidenceLines(last.spec.evidence).forEach(tell);
}
