import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/lib/nearest.js';

const fields = ['replicas', 'resources', 'env', 'image', 'args', 'type'];

describe('nearest()', () => {
  it.each([
    ['replicaz', 'replicas'],
    ['replica', 'replicas'],
    ['Replicas', 'replicas'],
    ['rplicass', 'replicas'],
    ['imgae', 'image'],
    ['envs', 'env'],
    ['arg', 'args'],
  ])('takes %s for %s', (word, field) => {
    expect(nearest(word, fields)).toBe(field);
  });

  it.each(['', 'x', 'restartPolicy', 'replicasss!', '__proto__', 'r'.repeat(100_000)])(
    'finds nothing like %.20j',
    (word) => {
      expect(nearest(word, fields)).toBeUndefined();
    },
  );

  it('prefers the nearer one, then the earlier one', () => {
    expect(nearest('porta', ['ports', 'port'])).toBe('ports');
    expect(nearest('part', ['parts', 'port'])).toBe('parts');
    expect(nearest('port', ['parts', 'port'])).toBe('port');
  });
});
