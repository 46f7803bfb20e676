import { describe, expect, it } from 'vitest';
import { isGoneBack, standingOf } from '../../../src/client/rollouts/standing.js';
import type { Module } from '../../../src/model/module.js';
import {
  RESTARTED_AT_ANNOTATION,
  UNDO_ANNOTATION,
  UNQUARANTINED_AT_ANNOTATION,
} from '../../../src/model/names.js';
import {
  aCondition,
  aReceipt,
  aRevision,
  aRolledModule,
  at,
  hash,
} from '../../helpers/rollout-records.js';

const REVISIONS = [aRevision('a', 1), aRevision('b', 2)];
const kindOf = (module: Module) => standingOf(module, REVISIONS).kind;

const rolloutTo = (to: string, state: 'Failed' | 'RolledBack' | 'Progressing') => ({
  ...aReceipt(2, to).spec,
  ...{ state, reason: 'Crashed', message: 'web-0: it exited with code 3' },
});

const WENT_BACK: Partial<Module['status']> = {
  ...{ phase: 'Degraded', updatedRevision: hash('b'), rollout: rolloutTo('b', 'RolledBack') },
  quarantined: [{ revision: hash('b'), reason: 'Crashed', message: 'boom', at: at(10) }],
  conditions: [
    aCondition('Ready', 'False', 'RolledBack'),
    aCondition('Stalled', 'True', 'RolledBack', 'boom'),
  ],
};
const UNDONE: Partial<Module['status']> = {
  ...{ phase: 'Degraded', updatedRevision: hash('b') },
  conditions: [aCondition('Ready', 'False', 'Undone'), aCondition('Stalled', 'True', 'Undone')],
};
const UNDO = { [UNDO_ANNOTATION]: `${hash('b')}:${hash('a')}` };

describe('a module', () => {
  it('that is Ready is done', () => {
    expect(standingOf(aRolledModule(), REVISIONS)).toEqual({
      ...{ kind: 'done', message: 'successfully rolled out' },
    });
  });

  it('that is suspended on purpose is done', () => {
    expect(kindOf(aRolledModule({ phase: 'Suspended', conditions: [] }))).toBe('done');
  });

  it('that was not looked at since it changed is open', () => {
    expect(kindOf(aRolledModule({ observedGeneration: 0 }))).toBe('open');
  });

  it('whose restart was not looked at is open', () => {
    expect(kindOf(aRolledModule({}, { [RESTARTED_AT_ANNOTATION]: at(1) }))).toBe('open');
  });

  it('that is not Ready is open, and says why', () => {
    const conditions = [aCondition('Ready', 'False', 'RollingOut', '0 of 1 containers ready')];
    expect(standingOf(aRolledModule({ conditions }), REVISIONS)).toEqual({
      ...{ kind: 'open', message: '0 of 1 containers ready' },
    });
  });

  it('that went back has failed, with evidence', () => {
    expect(standingOf(aRolledModule(WENT_BACK), REVISIONS)).toEqual({
      ...{ kind: 'failed', message: 'RolledBack: boom', isRollout: true, hasEvidence: true },
    });
  });

  it('that goes back is open, until what ran before cannot run either', () => {
    const back = (progressing: 'True' | 'False') =>
      aRolledModule({
        ...WENT_BACK,
        conditions: [
          aCondition('Ready', 'False', 'RollingBack'),
          aCondition('Progressing', progressing, 'RollingBack'),
        ],
      });
    expect(kindOf(back('True'))).toBe('open');
    expect(kindOf(back('False'))).toBe('failed');
  });

  it('whose quarantine was lifted since is open', () => {
    const lifted = { [UNQUARANTINED_AT_ANNOTATION]: at(10) };
    expect(kindOf(aRolledModule(WENT_BACK, lifted))).toBe('open');
  });

  it('that failed without one to go back to has failed, while the spec is the same', () => {
    const failed = {
      rollout: rolloutTo('a', 'Failed'),
      conditions: [aCondition('Ready', 'False', 'CrashLoopBackOff')],
    };
    expect(kindOf(aRolledModule(failed))).toBe('failed');
    expect(kindOf(aRolledModule({ ...failed, updatedRevision: hash('b') }))).toBe('open');
  });

  it('of which a rollout was undone has failed, as soon as that is so and no longer', () => {
    expect(kindOf(aRolledModule(UNDONE, UNDO))).toBe('failed');
    expect(kindOf(aRolledModule(UNDONE))).toBe('open');
    expect(kindOf(aRolledModule({ updatedRevision: hash('b') }, UNDO))).toBe('open');
  });

  it('of which a revision that is forgotten was to run is done without', () => {
    const forgotten = { [UNDO_ANNOTATION]: `${hash('b')}:${hash('c')}` };
    expect(kindOf(aRolledModule({ updatedRevision: hash('b') }, forgotten))).toBe('done');
  });

  it('that only a person can help has failed before its rollout', () => {
    const conditions = [aCondition('Stalled', 'True', 'PolicyRefused', 'a check blocks it')];
    expect(standingOf(aRolledModule({ conditions }), REVISIONS)).toEqual({
      ...{ kind: 'failed', message: 'a check blocks it', isRollout: false, hasEvidence: false },
    });
  });
});

it('waiting for Ready is of no use once a module went back', () => {
  expect(isGoneBack(aRolledModule(WENT_BACK))).toBe(true);
  expect(isGoneBack(aRolledModule(UNDONE, UNDO))).toBe(true);
  expect(isGoneBack(aRolledModule(WENT_BACK, { [UNQUARANTINED_AT_ANNOTATION]: at(11) }))).toBe(
    false,
  );
  expect(isGoneBack(aRolledModule())).toBe(false);
});
