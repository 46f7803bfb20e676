import { expect, it } from 'vitest';
import { PATH_RULES, RESOURCE_RULES } from '../../src/api/access/rules.js';
import { readPage, rowsOf, sectionOf } from '../helpers/markdown.js';

const resources = RESOURCE_RULES.map(({ group, resource, verbs, role, scope, needsExec }) => [
  `\`${resource}\`${group === '' ? '' : ` of \`${group}\``}`,
  verbs.join(', '),
  [
    role,
    ...(scope ? [scope === 'set' ? 'sets' : 'modules'] : []),
    ...(needsExec ? ['exec'] : []),
  ].join(', '),
]);
const paths = PATH_RULES.map(({ path, verbs, role }) => [`\`${path}\``, verbs.join(', '), role]);

it('docs/access.md has the table that decides', () => {
  const told = rowsOf(sectionOf(readPage('docs/access.md'), 'The table'));
  expect(told).toEqual([...resources, ...paths]);
});
