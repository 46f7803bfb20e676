import { describe, expect, it } from 'vitest';
import { claim } from '../../src/managed-fields/claim.js';
import { EMPTY, applied, fieldsByAuthor, SCHEMA_OF_ALL, updated } from './managers.js';

const ONE = { spec: { image: 'x', replicas: 1 } };

describe('a write that is no apply', () => {
  it('gives its author what it creates', () => {
    expect(fieldsByAuthor(updated(EMPTY, 'a', ONE))).toEqual({
      'a/Update': { 'f:spec': { 'f:image': {}, 'f:replicas': {} } },
    });
  });

  it('moves what it changes to its author, and drops what is gone', () => {
    const before = updated(applied(EMPTY, 'a', ONE), 'b', ONE);
    const after = updated(before, 'b', { spec: { replicas: 2 } }, { now: 'T2' });
    expect(fieldsByAuthor(after)).toEqual({ 'b/Update': { 'f:spec': { 'f:replicas': {} } } });
    expect(after.entries[0]?.time).toBe('T2');
  });

  it('changes no entry when it changes nothing', () => {
    const before = updated(applied(EMPTY, 'a', ONE), 'b', { spec: { ...ONE.spec, args: ['x'] } });
    expect(updated(before, 'b', { ...before.object }, { now: 'T2' })).toEqual(before);
    expect(updated(before, 'c', { ...before.object }, { now: 'T2' })).toEqual(before);
  });

  it('keeps the status of an object apart', () => {
    const before = updated(EMPTY, 'a', ONE);
    const after = updated(
      before,
      'a',
      { ...ONE, status: { phase: 'Up' } },
      { subresource: 'status' },
    );
    expect(fieldsByAuthor(after)).toEqual({
      'a/Update': { 'f:spec': { 'f:image': {}, 'f:replicas': {} } },
      'a/Update/status': { 'f:status': { 'f:phase': {} } },
    });
  });

  it('sums up the oldest authors when there are many', () => {
    let state = EMPTY;
    for (let n = 1; n <= 15; n += 1) {
      const labels = {
        ...(state.object?.['metadata'] as { labels?: object })?.labels,
        [`l${n}`]: '',
      };
      state = updated(
        state,
        `m${n}`,
        { metadata: { labels } },
        { now: `T${String(n).padStart(2, '0')}` },
      );
    }
    expect(state.entries.map(({ manager, time }) => `${manager} ${time}`)).toEqual([
      'ancient-changes T06',
      ...[7, 8, 9, 10, 11, 12, 13, 14, 15].map((n) => `m${n} T${String(n).padStart(2, '0')}`),
    ]);
    expect(Object.keys(state.entries[0]?.fieldsV1['f:metadata']?.['f:labels'] ?? {})).toHaveLength(
      6,
    );
  });
});

describe('a claim', () => {
  const author = { manager: 'files', operation: 'Apply', apiVersion: 'example.org/v1' } as const;
  const input = { author, schema: SCHEMA_OF_ALL, now: 'T2' };

  it('gives its author the whole declaration, and what it changed to nobody else', () => {
    const before = updated(EMPTY, 'a', { spec: { image: 'x', replicas: 1, args: ['y'] } });
    const after = { spec: { image: 'x', replicas: 2, probe: { port: 1 } } };
    const declaration = { spec: { image: 'x', replicas: 2 } };
    const { entries, object } = before;
    const claimed = claim(declaration, { ...input, before: object, after, entries });
    expect(fieldsByAuthor({ object: after, entries: claimed })).toEqual({
      'files/Apply': { 'f:spec': { 'f:image': {}, 'f:replicas': {} } },
      'a/Update': { 'f:spec': { 'f:image': {} } },
    });
  });
});
