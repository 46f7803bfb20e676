import { describe, expect, it } from 'vitest';
import { issueToken, rotated } from '../../../src/kinds/token/issue.js';
import { hashOf } from '../../../src/kinds/token/secret.js';
import { aToken } from '../../helpers/tokens.js';
import { NOON } from '../../helpers/builders.js';

describe('issueToken()', () => {
  it('stores the hash alone and shows the secret once', () => {
    const issued = issueToken(aToken('ci'));
    const { draft } = issued;
    const token = aToken('ci', {}, draft.status);
    const secret = issued.reveal(token).status.token ?? '';
    expect(draft.status).toEqual({ hashes: [{ sha256: hashOf(secret) }] });
    expect(JSON.stringify(draft)).not.toContain(secret);
    expect(token.status).not.toHaveProperty('token');
  });
});

describe('rotated()', () => {
  const at = (ms: number): string => new Date(ms).toISOString().replace('.000', '');
  const token = aToken('ci', {}, { hashes: [{ sha256: 'a' }], lastUsedAt: at(NOON) });

  it('ends the earlier secret at once', () => {
    const status = rotated(token, 'new', { now: NOON, overlapMs: 0 });
    expect(status).toEqual({ hashes: [{ sha256: hashOf('new') }], lastUsedAt: at(NOON) });
  });

  it('leaves the earlier secret for the overlap', () => {
    const { hashes } = rotated(token, 'new', { now: NOON, overlapMs: 60_000 });
    expect(hashes).toEqual([
      { sha256: 'a', validUntil: at(NOON + 60_000) },
      { sha256: hashOf('new') },
    ]);
  });

  it('never lets a secret live longer than it was to, and forgets those that ended', () => {
    const hashes = [
      { sha256: 'ended', validUntil: at(NOON - 1000) },
      { sha256: 'ending', validUntil: at(NOON + 1000) },
    ];
    const again = rotated(aToken('ci', {}, { hashes }), 'new', { now: NOON, overlapMs: 9_000 });
    expect(again.hashes[0]).toEqual(hashes[1]);
    expect(again.hashes).toHaveLength(2);
  });

  it('keeps five secrets at most', () => {
    const hashes = ['1', '2', '3', '4', '5'].map((sha256) => ({ sha256 }));
    const many = aToken('ci', {}, { hashes });
    expect(() => rotated(many, 'new', { now: NOON, overlapMs: 1000 })).toThrow(/still valid/);
    expect(rotated(many, 'new', { now: NOON, overlapMs: 0 }).hashes).toHaveLength(1);
  });
});
