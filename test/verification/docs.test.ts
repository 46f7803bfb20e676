import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { TSchema } from 'typebox';
import { expect, test } from 'vitest';
import { SUBJECTS } from '../../src/model/verification.js';
import type { Check } from '../../src/verification/check.js';
import { CHECKS } from '../../src/verification/checks.js';

const FILE = join(import.meta.dirname, '../../docs/checks.md');

const INTRODUCTION = `# Checks

What Registrar looks at before a module runs. This page is written from the checks themselves, and kept equal by a test.

A check that finds something blocks the new revision when its mode is \`enforce\`, and is only told when it is \`warn\`; \`off\` does not look. One that could not look is "not verified", which blocks like a finding. A policy sets mode and parameters of a check by its id. Numbers such as DL3006 are those of the same rule in [hadolint](https://github.com/hadolint/hadolint/wiki).
`;

const ABOUT: Record<(typeof SUBJECTS)[number], string> = {
  manifest: 'The manifest',
  commit: 'The commit',
  tree: 'The source',
  image: 'The image',
};

const codes = (value: unknown): string =>
  Array.isArray(value)
    ? value.map((one) => `\`${String(one)}\``).join(', ') || 'none'
    : `\`${JSON.stringify(value)}\``;

function parametersOf({ parameters }: Check): string {
  const rows = Object.entries(parameters?.properties ?? {}).map(([name, schema]) => {
    const { description = '', default: value } = schema as TSchema & {
      description?: string;
      default?: unknown;
    };
    return `- \`${name}\`: ${description}. Default: ${codes(value)}`;
  });
  return rows.length === 0 ? '' : `\nParameters:\n\n${rows.join('\n')}\n`;
}

function sectionOf(check: Check): string {
  const { id, title, severity, mode, reference, why, remedy } = check;
  const same = reference === undefined ? '' : ` · ${reference}`;
  return `### ${id}

**${title}.** ${severity} · \`${mode}\`${same}

${why} ${remedy}.
${parametersOf(check)}`;
}

const isAbout = (subject: string) => (check: Check) => check.about === subject;

test('docs/checks.md tells every check (vitest -u writes them)', async () => {
  const parts = SUBJECTS.map((subject) => {
    const checks = CHECKS.filter(isAbout(subject));
    const head = '| Check | What must hold | Severity | Mode |\n| --- | --- | --- | --- |\n';
    const rows = checks.map(
      ({ id, title, severity, mode }) =>
        `| [${id}](#${id.replaceAll('/', '')}) | ${title} | ${severity} | \`${mode}\` |`,
    );
    const table = head + rows.join('\n');
    return `\n## ${ABOUT[subject]}\n\n${table}\n\n${checks.map(sectionOf).join('\n')}`;
  });
  const text = INTRODUCTION + parts.join('');
  const options = await resolveConfig(FILE);
  await expect(await format(text, { ...options, parser: 'markdown' })).toMatchFileSnapshot(FILE);
});

test('no two checks have the same id, and each is named after what it is about', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z]+\/[a-z][a-z0-9-]*$/.test(id))).toEqual([]);
});

test('each check says in sentences what must hold, why, and what to do', () => {
  const bad = CHECKS.filter(
    ({ title, why, remedy }) =>
      !/^[A-Z].*[^.]$/.test(title) || !/^[A-Z].*\.$/.test(why) || !/^[A-Z].*[^.]$/.test(remedy),
  );
  expect(bad.map(({ id }) => id)).toEqual([]);
});

test('each parameter has a meaning and a default', () => {
  const bad = CHECKS.flatMap(({ id, parameters }) =>
    Object.entries(parameters?.properties ?? {})
      .filter(([, schema]) => !('default' in schema) || !('description' in schema))
      .map(([name]) => `${id} ${name}`),
  );
  expect(bad).toEqual([]);
});
