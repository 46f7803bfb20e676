import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/verification/dockerfile/parse-dockerfile.js';
import { anyDockerfile } from '../../helpers/any-dockerfile.js';
import { LONG_DOCKERFILES } from '../../helpers/long-dockerfiles.js';

const read = (text: string) => parseDockerfile('Dockerfile', text);

property.prop([fc.oneof(anyDockerfile(), fc.string({ unit: 'binary', maxLength: 500 }))])(
  'any text is read, and every line that is told is one of it',
  (text) => {
    const lines = text.split('\n').length;
    const { instructions, stages } = read(text);
    const told = instructions.flatMap(({ line, words, commands, flags, pairs }) =>
      [{ line }, ...words, ...commands, ...flags, ...pairs].map((one) => one.line),
    );
    expect([...told, ...stages.map(({ line }) => line)].filter((line) => line < 1)).toEqual([]);
    expect(Math.max(1, ...told)).toBeLessThanOrEqual(lines);
  },
);

property.prop([anyDockerfile()])('an instruction more changes none before it', (text) => {
  const before = read(text).instructions.map(({ keyword, line }) => `${keyword} ${line}`);
  const after = read(`${text}\nFROM x`).instructions.map(
    ({ keyword, line }) => `${keyword} ${line}`,
  );
  // The last one may be continued.
  expect(after.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
});

describe('a long text is read', () => {
  test.each(Object.entries(LONG_DOCKERFILES))('%s', (_what, text) => {
    expect(read(text).unreadable).toBeUndefined();
  });
});

test('values that contain each other do not grow without end', () => {
  const text = `ARG A=xx\n${'ARG A=$A$A\n'.repeat(1000)}FROM $A`;
  expect(read(text).stages[0]?.base.image.length).toBeLessThan(5000);
});
