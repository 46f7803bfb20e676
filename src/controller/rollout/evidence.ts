import type { Evidence } from '../../kinds/rollout/schema.js';
import { beginningOf } from '../../lib/beginning-of.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { ObservedContainer } from '../../model/container.js';
import type { RolloutStatus } from '../../model/rollout.js';
import { historyOf, lastExitCode } from '../../plan/history.js';
import { isReady } from '../../plan/readiness.js';
import type { ReconcileContext } from '../context.js';
import type { Look } from '../look.js';
import { masked, secretTexts } from './mask.js';

const MOST_LINES = 10;
/** What ten lines of a program that works have; more is cut off. */
const MOST_BYTES = 64 * 1024;
/** An engine that does not go on with a log delays no way back. */
const LONGEST_MS = 5_000;

/** What is seen of the container that a rollout failed by; undefined when it has none. */
export async function evidenceOf(
  module: Module,
  { to }: Pick<RolloutStatus, 'to'>,
  { containers, histories }: Look,
  context: ReconcileContext,
): Promise<Evidence | undefined> {
  const now = context.clock.now();
  const unready = containers.filter(
    (one) => one.owner.revision === to && !isReady(one, historyOf(histories, one.owner), now),
  );
  // Others may wait for their turn: it failed by the one that ended most often.
  const ends = ({ owner, restartCount }: ObservedContainer): number =>
    restartCount + (historyOf(histories, owner)?.failures ?? 0);
  const [container] = unready.toSorted((a, b) => ends(b) - ends(a));
  if (container === undefined) return undefined;
  const { name, state, health, owner } = container;
  return {
    container: name,
    state,
    health,
    exitCode: lastExitCode(container, historyOf(histories, owner)),
    log: await lastLines(module, container, context),
  };
}

/** Its last lines; none when the engine does not give them. */
async function lastLines(
  module: Module,
  { id, owner }: ObservedContainer,
  context: ReconcileContext,
): Promise<string[]> {
  try {
    const log = await context.runtime.logs(id, { follow: false, tail: MOST_LINES });
    const patience = { maxBytes: MOST_BYTES, milliseconds: LONGEST_MS, clock: context.clock };
    const lines = (await beginningOf(log, patience)).trimEnd().split('\n').slice(-MOST_LINES);
    const secrets = secretTexts(module, owner.revision, context.registry);
    return lines.map((line) => masked(line, secrets));
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return [];
  }
}
