import type { Module } from '../../model/module.js';
import { UPDATE_NOW_ANNOTATION } from '../../model/names.js';
import type { Candidate, UpdatesStatus } from '../../model/updates-status.js';
import { chooseUpdate } from '../../plan/updates/choose.js';
import type { Choice } from '../../plan/updates/choose.js';
import { turnFor } from '../../plan/updates/turn.js';
import type { Staging, Turn } from '../../plan/updates/turn.js';
import type { ReconcileContext } from '../context.js';
import { outcomeText } from '../outcome.js';
import type { Outcome } from '../outcome.js';
import { cancelPreparation, prepare, problemOf } from '../preparation/prepare.js';
import { working } from '../preparation/stage.js';
import { conditionOf } from './condition.js';
import { nextLookAt } from './follow.js';
import { asTaken } from './followed.js';
import { arriveAt } from './gate.js';
import type { AtGate } from './gate.js';
import { currentOf, withNote, withTaken } from './memory.js';
import { quarantinedIn, stagingOf } from './staging.js';
import { tellUpdates } from './tell.js';
import type { Wanted } from './wanted.js';

const DEFAULT_COOLDOWN_SECONDS = 900;

/** A module with what it runs, and what following found so far. */
export interface Situation {
  readonly stored: Module;
  readonly current: Pick<Wanted, 'module' | 'preparation'>;
  readonly memory: UpdatesStatus;
}

/** Prepares the candidate that is next, and takes it up if it may be. */
export async function takeUp(
  { stored, current, memory }: Situation,
  context: ReconcileContext,
): Promise<Wanted> {
  const now = context.clock.now();
  // What was begun in the pass before is stored by now, or was not.
  context.begun.delete(stored.metadata.name);
  const staging = stagingOf(stored, memory, context);
  const choice = choiceFor(stored, memory, staging, context);
  const { next, wait, isUrgent } = choice;
  if (next === undefined) {
    endAside(stored.metadata.name, context);
    return concluded({ stored, current, memory }, { choice }, context);
  }
  const taken = withTaken(stored, memory, next, now);
  const module = asTaken(stored, taken);
  const preparation = await prepare(module, { ...context, ...context.aside });
  const { artifact } = preparation;
  if (artifact === undefined) {
    const problem = problemOf(preparation) ?? working('Verifying', 'Preparing it');
    return notReady({ stored, current, memory }, { choice, next, problem }, context);
  }
  // What a person names waits for no other module, as it waits for no window.
  const turn = isUrgent ? undefined : staging && turnFor(staging, next.id, now);
  if (wait !== undefined || turn !== undefined) {
    const noted = withNote(memory, next, { imageId: artifact.imageId });
    context.gates.cancel(stored.metadata.name);
    return concluded({ stored, current, memory: noted }, { choice, turn }, context);
  }
  const { gate } = stored.spec.updates;
  const at = gate && arriveAt(gate, { module, candidate: next, artifact }, context);
  if (at !== undefined && at.kind !== 'passed') {
    const note = { imageId: artifact.imageId, ...(at.kind === 'ended' && { gate: at.result }) };
    const noted = { stored, current, memory: withNote(memory, next, note) };
    return before(concluded(noted, { choice, at }, context), at);
  }
  context.begun.set(stored.metadata.name, next.id);
  // Stored first, and run from the next pass on: no crash in between goes back to what ran.
  const { updates } = concluded({ stored, current, memory: taken }, { choice: NOW }, context);
  return { ...current, updates: { ...updates, lookAgainMs: 0 } };
}

/** A candidate that cannot be prepared is refused for good, and the one before it is looked at. */
function notReady(
  { stored, current, memory }: Situation,
  { choice, next, problem }: { choice: Choice; next: Candidate; problem: Outcome },
  context: ReconcileContext,
): Wanted | Promise<Wanted> {
  context.gates.cancel(stored.metadata.name);
  if (problem.kind !== 'stalled') {
    return concluded({ stored, current, memory }, { choice, problem }, context);
  }
  const refused = withNote(memory, next, { refused: outcomeText(problem) });
  return takeUp({ stored, current, memory: refused }, context);
}

/** What a gate said is stored first as well: no crash in between runs it once more. */
const before = (wanted: Wanted, { kind }: AtGate): Wanted =>
  kind === 'ended' ? { ...wanted, updates: { ...wanted.updates, lookAgainMs: 0 } } : wanted;

const NOW: Choice = { isUrgent: false };

/** What there is to say of a pass. */
export interface Progress {
  readonly choice: Choice;
  /** What keeps the next candidate from being ready. */
  readonly problem?: Outcome;
  /** Where it stands once it is ready, if it has a gate. */
  readonly at?: AtGate | undefined;
  /** Which other module of its set it waits for, if it is ready but for that. */
  readonly turn?: Turn | undefined;
}

function concluded(
  { stored, current, memory }: Situation,
  progress: Progress,
  context: ReconcileContext,
): Wanted {
  tellUpdates(stored, memory, context);
  const now = context.clock.now();
  const { choice, at, turn } = progress;
  const retryAt = at?.kind === 'failed' ? at.until : undefined;
  const times = [nextLookAt(stored, memory), choice.wait?.until, turn?.until, retryAt];
  // What is due already runs, or failed and is tried again by its own clock: its end wakes the module.
  const left = times.flatMap((time) => (time === undefined || time <= now ? [] : [time - now]));
  const condition = conditionOf(stored, memory, progress);
  const updates = { memory, condition, ...(left.length > 0 && { lookAgainMs: Math.min(...left) }) };
  return { ...current, updates };
}

function choiceFor(
  stored: Module,
  memory: UpdatesStatus,
  staging: Staging | undefined,
  { registry, clock }: Pick<ReconcileContext, 'registry' | 'clock'>,
): Choice {
  const { cooldownSeconds = DEFAULT_COOLDOWN_SECONDS, window } = stored.spec.updates;
  const runs = currentOf(stored, memory)?.id;
  const isOther = ({ id }: Candidate): boolean => id !== runs;
  const rules = {
    ...{ cooldownMs: cooldownSeconds * 1000, window, quarantined: quarantinedIn(stored, registry) },
    staging,
    urgent: stored.metadata.annotations?.[UPDATE_NOW_ANNOTATION],
  };
  return chooseUpdate(memory.candidates.filter(isOther), rules, clock.now());
}

type Parts = Pick<ReconcileContext, 'aside' | 'gates'>;

/** Ends the preparation of a candidate that nobody wants any more. */
export function endAside(name: string, { aside, gates }: Parts): void {
  cancelPreparation(name, aside);
  gates.cancel(name);
}
