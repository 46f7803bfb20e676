import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { concealing } from '../../src/lib/conceal.js';
import { foundIn } from '../helpers/canaries.js';

const conceal = (text: string, ...values: string[]): string =>
  concealing(values.map((value) => Buffer.from(value)))(text);

describe('concealing()', () => {
  test.each([
    ['token s3cr3t-t0ken is bad', 's3cr3t-t0ken', 'token *** is bad'],
    ['nothing of it', 's3cr3t-t0ken', 'nothing of it'],
    ['the first line, and the other one', 'first line\nother one\n', 'the ***, and the ***'],
    ['a b c', 'b', 'a b c'],
    ['u:passphrase and pass', 'passphrase', 'u:*** and pass'],
  ])('makes of %j without %j %j', (text, value, covered) => {
    expect(conceal(text, value)).toBe(covered);
  });

  test('covers the longer of two values first', () => {
    expect(conceal('long-secret-value', 'secret', 'long-secret-value')).toBe('***');
  });

  const value = fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' });
  property.prop([value, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 })])(
    'leaves nothing of a value in any form in which texts have it',
    (secret, before, after) => {
      const whole = `${before}${secret}${after}`;
      const texts = [
        ...[
          whole,
          JSON.stringify(whole),
          JSON.stringify({ a: [whole] }),
          encodeURIComponent(whole),
        ],
        ...[Buffer.from(whole).toString('base64'), Buffer.from(whole).toString('base64url')],
        Buffer.from(whole).toString('hex'),
      ];
      for (const text of texts) expect(foundIn(conceal(text, secret), [secret])).toEqual([]);
    },
  );
});

test('a value of very many lines is covered as a whole and in its first lines', () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `aaaa line ${index}`);
  const cover = concealing([Buffer.from(lines.join('\n'))]);
  expect(cover(`it says: ${lines[3] ?? ''}`)).toBe('it says: ***');
  expect(cover(lines.join('\n'))).toBe('***');
});
