import { expect, test } from 'vitest';
import { readPage, rowsOf, sectionOf } from '../helpers/markdown.js';
import { CIS_RULES } from '../helpers/cis-rules.js';

test('docs/security.md tells of each rule that containers keep, once', () => {
  const rows = rowsOf(sectionOf(readPage('docs/security.md'), 'What a container may'));
  const told = rows.flatMap(([ids = '']) => ids.replaceAll('+ ', '+').split(' '));
  expect(told.toSorted()).toEqual(CIS_RULES.map(({ id }) => id.replace('+ ', '+')).toSorted());
});
