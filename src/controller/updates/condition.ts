import { timestamp } from '../../lib/clock.js';
import type { Module } from '../../model/module.js';
import type { Candidate, GateResult, UpdatesStatus } from '../../model/updates-status.js';
import type { Held, Wait } from '../../plan/updates/choose.js';
import type { Turn } from '../../plan/updates/turn.js';
import { outcomeText } from '../outcome.js';
import type { AtGate } from './gate.js';
import { labelOf } from './label.js';
import { currentOf } from './memory.js';
import type { Progress } from './take-up.js';
import type { Updates } from './wanted.js';

type Said = NonNullable<Updates['condition']>;

const say = (status: Said['status'], reason: string, message: string): Said => ({
  ...{ type: 'UpToDate', status, reason, message },
});

/** Whether there is nothing newer than what was taken up; if there is, what it waits for. */
export function conditionOf(stored: Module, memory: UpdatesStatus, progress: Progress): Said {
  const known = whatIsKnown(stored, memory, progress);
  const { problem } = memory;
  if (problem === undefined) return known;
  return say('Unknown', problem.reason, `${problem.message}; at the last look: ${known.message}`);
}

function whatIsKnown(stored: Module, memory: UpdatesStatus, progress: Progress): Said {
  const { choice, problem, at, turn } = progress;
  const { next, wait, held } = choice;
  if (next !== undefined && problem !== undefined) {
    const { reason, message } = outcomeText(problem);
    const isTrouble = problem.kind === 'failed';
    return say('False', isTrouble ? reason : 'Preparing', `Prepares ${labelOf(next)}: ${message}`);
  }
  if (next !== undefined && at !== undefined) return atGate(next, at);
  if (wait !== undefined) return waiting(wait);
  if (next !== undefined && turn !== undefined) return waitingInTurn(next, turn);
  if (held !== undefined) return isHeld(held);
  return nothingToWaitFor(stored, memory);
}

function atGate(next: Candidate, at: AtGate): Said {
  const label = labelOf(next);
  const failed = ({ message }: GateResult, then: string): Said =>
    say('False', 'GateFailed', `Does not take up ${label}: ${message}; ${then}`);
  if (at.kind === 'unknown') {
    const { reason, message } = outcomeText(at.problem);
    return say('False', reason, `Cannot run the gate for ${label}: ${message}`);
  }
  if (at.kind === 'failed') return failed(at.result, `tries again from ${timestamp(at.until)}`);
  if (at.kind === 'ended' && !at.result.passed) return failed(at.result, 'tries again');
  if (at.kind === 'running' && at.before?.passed === false)
    return failed(at.before, 'tries again now');
  return say('False', 'AtGate', `Takes up ${label} when it has passed the gate`);
}

function waiting({ for: what, candidate, until }: Wait): Said {
  const label = labelOf(candidate);
  const from = timestamp(until);
  return what === 'Cooldown'
    ? say(
        'False',
        'CoolingDown',
        `Takes up ${label}, first seen ${candidate.firstSeenAt}, from ${from}`,
      )
    : say(
        'False',
        'OutsideWindow',
        `Takes up ${label}, which is ready, when the window opens ${from}`,
      );
}

function waitingInTurn(next: Candidate, { because, until }: Turn): Said {
  const from = until === undefined ? '' : `, until ${timestamp(until)}`;
  const message = `Takes up ${labelOf(next)}, which is ready, when it is its turn: ${because}${from}`;
  return say('False', 'WaitsForSet', message);
}

function isHeld({ candidate, by }: Held): Said {
  const label = labelOf(candidate);
  const again = 'try it again with "registrar rollout unquarantine"';
  return by === undefined
    ? say('False', 'Quarantined', `Does not take up ${label}: it failed here before; ${again}`)
    : say(
        'False',
        'HeldBySet',
        `Does not take up ${label}: module "${by}" of the same set went back from it; ${again} there`,
      );
}

function nothingToWaitFor(stored: Module, memory: UpdatesStatus): Said {
  const { candidates, follows, head, ran, lookedAt } = memory;
  const refused = candidates.findLast((one) => one.refused !== undefined);
  if (refused?.refused !== undefined) {
    const { reason, message } = refused.refused;
    return say('False', reason, `Does not take up ${labelOf(refused)}: ${message}`);
  }
  if (lookedAt === undefined) return say('Unknown', 'NotLookedYet', `Looks up ${follows}`);
  const current = currentOf(stored, memory);
  if (head !== undefined && head !== current?.id && ran.includes(head)) {
    const message = `The ${follows} is back at ${head}, which ran before: nothing goes back by itself; set spec.source.commit or spec.image to go back`;
    return say('False', 'WentBack', message);
  }
  return say('True', 'Current', `Nothing newer was found in ${follows}`);
}
