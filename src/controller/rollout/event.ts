import { moduleReference } from '../../model/event.js';
import { shortRevision } from '../../model/owner.js';
import type { NewEvent } from '../../model/event.js';
import type { Module } from '../../model/module.js';
import type { RolloutState, RolloutStatus } from '../../model/rollout.js';

const WORDS: Readonly<Record<RolloutState, string>> = {
  ...{ Progressing: 'goes on', Paused: 'is paused', Complete: 'is complete' },
  ...{ RolledBack: 'failed and is undone', Failed: 'failed', Superseded: 'is given up' },
};

/** The event that says how a rollout stands. */
export function rolloutEvent({ metadata }: Module, rollout: RolloutStatus): NewEvent {
  const { state, number, to, from, message } = rollout;
  const way =
    from === undefined
      ? `to revision ${shortRevision(to)}`
      : `from revision ${shortRevision(from)} to ${shortRevision(to)}`;
  return {
    about: moduleReference(metadata.name, metadata.uid),
    type: state === 'RolledBack' || state === 'Failed' ? 'Warning' : 'Normal',
    reason: `Rollout${state}`,
    message: `Rollout ${number} ${way} ${WORDS[state]}${message === undefined ? '' : `: ${message}`}`,
  };
}
