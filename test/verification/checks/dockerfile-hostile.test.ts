import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/model/verification.js';
import { parseDockerfile } from '../../../src/verification/dockerfile/parse-dockerfile.js';
import { runCheck } from '../../../src/verification/run-check.js';
import { settingsOf } from '../../../src/verification/settings.js';
import { anyDockerfile } from '../../helpers/any-dockerfile.js';
import { aManifest } from '../../helpers/builders.js';
import { LONG_DOCKERFILES } from '../../helpers/long-dockerfiles.js';
import { aTree } from '../../helpers/trees.js';

const SETTINGS = settingsOf('test', { checks: [] }).filter(({ check }) =>
  check.id.startsWith('dockerfile/'),
);

async function resultsOf(text: string): Promise<CheckResult[]> {
  const dockerfile = parseDockerfile('Dockerfile', text);
  const tree = { manifest: aManifest('web'), tree: aTree({}), dockerfile };
  const results: CheckResult[] = [];
  for (const setting of SETTINGS) results.push(await runCheck(setting, { tree }));
  return results;
}

property.prop([fc.oneof(anyDockerfile(), fc.string({ unit: 'binary', maxLength: 300 }))])(
  'every check judges any text, and what it says can be shown',
  async (text) => {
    const results = await resultsOf(text);
    // A check that throws is not verified.
    expect(results.filter(({ result }) => result === 'notVerified')).toEqual([]);
    const problems = results.flatMap((result) => result.problems);
    expect(problems.filter(({ message }) => !/^["A-Z][^\p{C}]{1,600}$/u.test(message))).toEqual([]);
    const lines = text.split('\n').length;
    expect(problems.filter(({ line = 1 }) => line < 1 || line > lines)).toEqual([]);
  },
);

describe('a long text is judged', () => {
  test.each(Object.entries(LONG_DOCKERFILES))('%s', async (_what, text) => {
    const results = await resultsOf(text);
    expect(results.filter(({ result }) => result === 'notVerified')).toEqual([]);
  });
});

/** Places that somebody writes a secret in; what follows it comes after the dots. */
const PLACES = [
  ...['ENV DB_PASSWORD=…', 'ENV TOKEN …', 'ARG API_KEY=…', 'LABEL a.secret="…"', 'DB_PASSWORD=…'],
  ...['RUN export TOKEN=…', 'RUN curl -u user:… https://a', 'RUN tool --password=…', '…'],
  ...['RUN curl -H "Authorization: Bearer …"', 'RUN echo root:… | chpasswd', 'RUN sshpass -p … a'],
  ...['RUN git clone https://user:…@a/b.git', 'RUN pip install git+https://user:…@a/b c'],
  ...[
    'ADD https://user:…@a/b.git c',
    'FROM https://user:…@a/b',
    'COPY --from=https://user:…@a b c',
  ],
  ...[
    'RUN npm install https://user:…@a/b',
    '# syntax=https://user:…@a',
    'COPY https://user:…@a/ b',
  ],
  ...['ARG A=https://user:…@a\nFROM $A', 'WORKDIR https://user:…@a', 'EXPOSE …', 'ONBUILD …'],
];

property.prop([
  fc.constantFrom(...PLACES),
  fc.stringMatching(/^[a-z]{4}\d{4}[A-Z]{4}$/),
  fc.constantFrom('', '\nFROM scratch\n', ' \\\n a'),
  fc.constantFrom('', 'FROM scratch\n', 'FROM a AS b\nFROM scratch\n'),
])('no secret is in what is said', async (place, secret, after, before) => {
  const results = await resultsOf(before + place.replace('…', secret) + after);
  const said = results.flatMap(({ problems }) => problems.map(({ message }) => message));
  expect(said.filter((message) => message.toLowerCase().includes(secret.toLowerCase()))).toEqual(
    [],
  );
});
