import { expect, test } from 'vitest';
import { cleanText } from '../../src/source/clean-text.js';

test.each([
  ["fatal: 'https://ada:s3cr3t@h.example/a' gone", "fatal: 'https://***@h.example/a' gone"],
  [
    'to ssh://git@h.example/a and https://t0k3n@h/b',
    'to ssh://***@h.example/a and https://***@h/b',
  ],
  ['https://a@b@h.example/x', 'https://***@h.example/x'],
  ['red \u001b[1;31malert\u001b[0m', 'red alert'],
  ['title \u001b]0;owned\u0007', 'title ?]0;owned?'],
  ['one\r\n\ttwo', 'one two'],
  ['a\u202eb\u0000', 'a?b?'],
])('%j', (text, clean) => expect(cleanText(text)).toBe(clean));

test('it is bounded', () => {
  expect(cleanText('x'.repeat(100_000))).toHaveLength(501);
});
