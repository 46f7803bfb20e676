import { describe, expect, test } from 'vitest';
import {
  dockerfileIn,
  dockerfilePath,
} from '../../../src/verification/dockerfile/dockerfile-in.js';
import {
  MAX_DOCKERFILE,
  parseDockerfile,
} from '../../../src/verification/dockerfile/parse-dockerfile.js';

const read = (text: string) => parseDockerfile('Dockerfile', text);
const shown = (text: string): string[] =>
  read(text).instructions.map(({ line, keyword, source }) => `${line} ${keyword} ${source.text}`);
import { aManifest } from '../../helpers/builders.js';
import { aTree } from '../../helpers/trees.js';

describe('instructions are what the engine reads', () => {
  test.each([
    ['one a line', 'FROM a\nrun b\n', ['1 FROM a', '2 RUN b']],
    ['continued', 'FROM a\nRUN b \\\n  c\nRUN d', ['1 FROM a', '2 RUN b   c', '4 RUN d']],
    ['blanks after the mark', 'RUN a \\ \t\n b', ['1 RUN a  b']],
    ['a mark that is escaped', 'RUN a\\\\\nRUN b', ['1 RUN a\\\\', '2 RUN b']],
    ['comments between', 'RUN a \\\n # b\n\n c', ['1 RUN a  c']],
    ['a comment that ends with the mark', '# a \\\nRUN b', ['2 RUN b']],
    ['a first line of only the mark', '\\\nRUN b', ['2 RUN b']],
    ['other ends of lines', 'RUN a \\\r\n b\r\nRUN c\r\n', ['1 RUN a  b', '3 RUN c']],
    ['a mark of byte order', '\ufeffFROM a', ['1 FROM a']],
    [
      'another mark',
      '# escape=`\nRUN a `\n b\nRUN c \\\nRUN d',
      ['2 RUN a  b', '4 RUN c \\', '5 RUN d'],
    ],
    ['a directive after a comment', '# a\n# escape=`\nRUN a `\nRUN b', ['3 RUN a `', '4 RUN b']],
    ['a blank that only the engine knows', 'RUN a \\\n\u0085\nUSER root', ['1 RUN a USER root']],
    ['an unknown one', 'FROM a\nfoo bar', ['1 FROM a', '2 FOO bar']],
    ['one without arguments', 'FROM', ['1 FROM ']],
    ['an ONBUILD', 'FROM a\nONBUILD RUN b', ['1 FROM a', '2 ONBUILD RUN b', '2 RUN b']],
    ['nothing', '\n# a\n', []],
  ])('%s', (_what, text, expected) => expect(shown(text)).toEqual(expected));
});

describe('heredocs', () => {
  test('their lines are no instructions', () => {
    const text = 'RUN <<A cat - 3<<-"B"\nUSER x\nA\nb\n\tB\nUSER y';
    expect(shown(text)).toEqual(['1 RUN <<A cat - 3<<-"B"', '6 USER y']);
    const bodies = read(text).instructions[0]?.heredocs.map(({ name, body }) => [name, body.text]);
    expect(bodies).toEqual([
      ['A', 'USER x\n'],
      ['B', 'b\n'],
    ]);
  });

  test.each(['RUN echo "<<A"', 'RUN a<<A', 'RUN a <<<A', 'ENV a <<A'])(
    'there is none in %s',
    (line) => expect(shown(`${line}\nUSER x\nA`)).toContain('2 USER x'),
  );

  test('their commands count when a shell runs them', () => {
    const programs = (text: string) =>
      read(text).instructions.flatMap(({ commands }) =>
        commands.flatMap(({ program, line }) => (program === '' ? [] : [`${program} ${line}`])),
      );
    expect(programs('RUN <<A\na\n\nb\nA')).toEqual(['a 2', 'b 4']);
    expect(programs('RUN bash <<A\na\nA')).toEqual(['bash 1', 'a 2']);
    expect(programs('RUN cat <<A > b\na\nA')).toEqual(['cat 1']);
    expect(programs('RUN <<A\n#!/usr/bin/env python\na\nA')).toEqual([]);
    expect(programs('RUN <<A\n#!/bin/sh\na\nA')).toEqual(['a 3']);
  });

  test('one without an end takes all that follows', () => {
    expect(shown('RUN <<A\nUSER x')).toEqual(['1 RUN <<A']);
  });
});

test('flags, words, pairs and the JSON form of an instruction', () => {
  const text = `FROM a
COPY --from=b \\
  --chown="c:d" e "f g" /
ENV a=b c="d e" f=g\\ h
ENV i j  k
ARG l
CMD ["m", "n o"]
CMD [ "m", ]
HEALTHCHECK --interval=5s CMD curl -f x
HEALTHCHECK CMD ["wget", "x"]`;
  const [, copy, env, old, arg, json, none, health, list] = read(text).instructions;
  expect(copy).toMatchObject({
    flags: [
      { name: 'from', value: 'b', line: 2 },
      { name: 'chown', value: 'c:d', line: 3 },
    ],
    words: [{ text: 'e' }, { text: 'f g' }, { text: '/', line: 3 }],
  });
  const pairs = [env, old, arg].map((one) => one?.pairs.map(({ name, value }) => [name, value]));
  expect(pairs).toEqual([
    [
      ['a', 'b'],
      ['c', 'd e'],
      ['f', 'g h'],
    ],
    [['i', 'j k']],
    [['l', undefined]],
  ]);
  expect(json?.json).toEqual(['m', 'n o']);
  expect(none?.json).toBeUndefined();
  expect(health).toMatchObject({ flags: [{ name: 'interval' }], commands: [{ program: 'curl' }] });
  expect(list).toMatchObject({ commands: [{ program: 'wget', args: ['x'] }] });
});

describe('stages', () => {
  test('what a FROM names, with the defaults of global arguments', () => {
    const text = `ARG TAG=1.2
ARG IMAGE=a:\${TAG}
ARG OPEN
FROM \${IMAGE} AS Build
ARG TAG=3
FROM --platform=$BUILDPLATFORM build as two
FROM $OPEN
FROM \${OPEN:-b}:\${TAG:+x}`;
    expect(read(text).stages).toMatchObject([
      { name: 'build', line: 4, base: { written: '${IMAGE}', image: 'a:1.2', stage: undefined } },
      { name: 'two', platform: '$BUILDPLATFORM', base: { image: 'build', stage: 0 } },
      { name: undefined, base: { open: 'OPEN' } },
      { base: { image: 'b:x', open: undefined } },
    ]);
  });

  test('each instruction knows its stage', () => {
    const { instructions } = read('ARG a\nFROM b\nRUN c\nFROM d\nONBUILD RUN e');
    expect(instructions.map(({ stage }) => stage)).toEqual([undefined, 0, 0, 1, 1, 1]);
  });
});

test('directives, also where readers do not agree on them', () => {
  const { directives, escape } = read(
    '#!/x\n# Syntax = docker/dockerfile:1\n# a\n# escape=`\nFROM a',
  );
  expect(directives).toEqual([
    { name: 'syntax', value: 'docker/dockerfile:1', line: 2 },
    { name: 'escape', value: '`', line: 4 },
  ]);
  expect(escape).toBe('\\');
});

test('what is too much cannot be judged, and says why', () => {
  expect(read('#'.repeat(MAX_DOCKERFILE)).unreadable).toBeUndefined();
  expect(read('#'.repeat(MAX_DOCKERFILE + 1))).toMatchObject({
    unreadable: expect.stringContaining('longer'),
    instructions: [],
  });
  expect(read('RUN a\n'.repeat(2001))).toMatchObject({
    unreadable: expect.stringContaining('instructions'),
    instructions: [],
  });
});

test('the file that a manifest names is read in full, or not at all', () => {
  const at = { repoUrl: 'https://example.org/a.git', branch: 'main', commit: '' };
  const source = { ...at, path: 'a', dockerfile: 'b/D' };
  const manifest = aManifest('web', { image: '', source });
  const inTree = (text: string, path = 'a/b/D') => dockerfileIn(aTree({ [path]: text }), manifest);
  expect(inTree('FROM x')).toMatchObject({ path: 'a/b/D', stages: [{ line: 1 }] });
  expect(inTree('FROM x', 'Dockerfile')).toBeUndefined();
  expect(dockerfilePath(aManifest('web', { image: 'a', source }))).toBeUndefined();
  // In bytes: it has fewer characters.
  expect(inTree(`#${'ä'.repeat(MAX_DOCKERFILE / 2)}`)).toMatchObject({
    unreadable: expect.stringContaining('longer'),
  });
});
