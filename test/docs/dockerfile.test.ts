import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linesFound } from '../helpers/dockerfile-cases.js';

const TEXT = readFileSync('Dockerfile', 'utf8');

/**
 * A digest is of the day of a release, and is given to the build; packages of a release of Debian
 * change for fixes only, and the old ones are not kept.
 */
const ACCEPTED = ['base-digest', 'apt-pinned'];

test('our own checks find nothing in our Dockerfile but what is said in it', async () => {
  const found = [...(await linesFound(TEXT))].filter(([, lines]) => lines.length > 0);
  expect(found.map(([id]) => id)).toEqual(ACCEPTED);
});

test('both images can be pinned by those who build', () => {
  const names = [...TEXT.matchAll(/^ARG (\w+)=/gm)].map(([, name]) => name);
  const used = [...TEXT.matchAll(/^FROM \$\{(\w+)\}/gm)].map(([, name]) => name);
  expect(used).toEqual(names);
});

test('nothing gets into the build but what is named', () => {
  const [first, ...others] = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(first).toBe('*');
  const copied = [...TEXT.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  expect(others.map((line) => line.replace('!', '')).toSorted()).toEqual(
    [...new Set(copied)].toSorted(),
  );
});
