import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codeOf, readPage, rowsOf, sectionOf } from '../helpers/markdown.js';

const section = sectionOf(readPage('ARCHITECTURE.md'), 'The folders');

it('ARCHITECTURE.md tells of everything in src', () => {
  const told = new Set(codeOf(section).filter((code) => /^src\/[\w.-]+$/.test(code)));
  expect([...told].toSorted()).toEqual(readdirSync('src').map((name) => `src/${name}`));
});

it('ARCHITECTURE.md lists the rows from the top', () => {
  const rows = rowsOf(section).map(([row]) => Number(row));
  expect(rows.toSorted((a, b) => a - b)).toEqual(rows);
});
