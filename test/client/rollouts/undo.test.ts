import { describe, expect, it } from 'vitest';
import { undoFor } from '../../../src/client/rollouts/undo.js';
import type { Module } from '../../../src/model/module.js';
import { UNDO_ANNOTATION } from '../../../src/model/names.js';
import { aReceipt, aRevision, aRolledModule, hash } from '../../helpers/rollout-records.js';

const RECORDS = {
  receipts: [aReceipt(1, 'a'), aReceipt(2, 'b'), aReceipt(3, 'c')],
  revisions: [aRevision('a', 1), aRevision('b', 2), aRevision('c', 3)],
};
const at = (current: string, more: Partial<Module['status']> = {}, annotations = {}) =>
  aRolledModule(
    { currentRevision: hash(current), updatedRevision: hash('c'), ...more },
    annotations,
  );
const from = hash('c');

describe('undo', () => {
  it('goes to the last revision that ran well before the present one', () => {
    expect(undoFor(at('c'), RECORDS, undefined)).toEqual({ from, to: hash('b') });
  });

  it('of one that goes on goes to what ran before it', () => {
    const { endedAt: _, ...spec } = aReceipt(3, 'c', { state: 'Progressing' }).spec;
    const receipts = RECORDS.receipts.slice(0, 2);
    const module = at('b', { rollout: spec });
    expect(undoFor(module, { ...RECORDS, receipts }, undefined)).toEqual({ from, to: hash('b') });
  });

  it('after another one goes further back, not forth', () => {
    const receipts = [...RECORDS.receipts, aReceipt(4, 'b')];
    const undone = at('b', {}, { [UNDO_ANNOTATION]: `${from}:${hash('b')}` });
    expect(undoFor(undone, { ...RECORDS, receipts }, undefined)).toEqual({ from, to: hash('a') });
  });

  it('passes over what failed and what is forgotten', () => {
    const quarantined = [{ revision: hash('b'), reason: 'Crashed', message: '', at: '' }];
    expect(undoFor(at('c', { quarantined }), RECORDS, undefined).to).toBe(hash('a'));
    const revisions = RECORDS.revisions.filter(({ spec }) => spec.number !== 2);
    expect(undoFor(at('c'), { ...RECORDS, revisions }, undefined).to).toBe(hash('a'));
  });

  it.each(['1', hash('a'), hash('a').slice(0, 7)])('goes to revision %s when told', (named) => {
    expect(undoFor(at('c'), RECORDS, named).to).toBe(hash('a'));
  });

  it('refuses when there is nothing to go back to', () => {
    const first = { receipts: [aReceipt(1, 'a')], revisions: [aRevision('a', 1)] };
    expect(() => undoFor(aRolledModule(), first, undefined)).toThrow(
      'Module "web" has no revision to go back to; "registrar rollout history web" lists what ran',
    );
  });

  it.each(['4', 'aaa', '0', '', 'ddddddd'])('refuses revision "%s" that there is not', (named) => {
    expect(() => undoFor(at('c'), RECORDS, named)).toThrow(
      `Module "web" has no revision "${named}"; "registrar rollout history web" lists them`,
    );
  });

  it('refuses a revision that failed', () => {
    const quarantined = [{ revision: hash('b'), reason: 'Crashed', message: '', at: '' }];
    expect(() => undoFor(at('c', { quarantined }), RECORDS, '2')).toThrow(
      'Revision bbbbbbb of module "web" failed; try it again with "registrar rollout unquarantine web"',
    );
  });

  it('refuses while what the spec asks for is not known', () => {
    expect(() => undoFor(at('c', { observedGeneration: 0 }), RECORDS, '1')).toThrow(
      /What module "web" asks for is not known yet/,
    );
  });
});
