import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { parseDeclared } from '../../../src/kinds/declared.js';
import type { Answers } from '../../../src/local/init/draft.js';
import { factsOf } from '../../../src/local/init/facts.js';
import { foundAnswers } from '../../../src/local/init/found-answers.js';
import type { Build, Facts, Found } from '../../../src/local/init/found.js';
import { writeManifest } from '../../../src/local/init/init.js';
import { isRegistrarError } from '../../../src/model/errors.js';
import { blocks } from '../../../src/model/verdict.js';
import { anyDockerfile } from '../../helpers/any-dockerfile.js';
import { aTree } from '../../helpers/trees.js';

/** What breaks out of YAML, of a comment or of a terminal, where nobody looks after it. */
const MEAN = [
  ...['\n', '\r', '\r\n', '\u0085', '\u2028', '\u0000', '\u001B[2J', '\u202E', '\uD800', '\t'],
  ...[
    '#',
    ' #',
    ': ',
    '- ',
    '---\n',
    '...\n',
    '"',
    "'",
    '`',
    '{',
    '}',
    '[',
    ']',
    '&a',
    '*a',
    '!!js',
  ],
  ...['|\n', '>\n', '%TAG', '<<: ', '? ', '\\', '${X}', '$(x)', 'null', 'true', '~', '=', ','],
  ...['spec:\n  image: evil', '\nkind: Policy', 'securityContext: { runAsUser: 0 }', '-----BEGIN'],
  ...[
    'ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5',
    '/var/run/docker.sock',
    '../',
    'a',
    '1',
    '\u00FC',
  ],
] as const;

const mean = fc
  .array(fc.oneof(fc.constantFrom(...MEAN), fc.string({ unit: 'binary', maxLength: 6 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

const found = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Found<T>> =>
  fc.record({ value, from: mean });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(found(value), { nil: undefined });
const port = fc.record({
  ...{ name: mean, containerPort: fc.integer({ min: -1, max: 70_000 }), hostIp: mean },
  protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
});
const probe = fc.record({
  exec: fc.record({ command: fc.array(mean, { maxLength: 3 }) }),
  intervalSeconds: fc.integer({ min: -1, max: 1_000 }),
});

const builds: fc.Arbitrary<Build> = fc.record({
  dockerfile: fc.constantFrom('Dockerfile', 'web/Dockerfile', 'a/b/Other'),
  license: fc.constant(undefined),
  ports: fc.array(found(port), { maxLength: 3 }),
  volumes: fc.array(found(fc.record({ name: mean, mountPath: mean.map((path) => `/${path}`) })), {
    maxLength: 3,
  }),
  env: fc.array(found(fc.record({ name: fc.oneof(mean, fc.constant('NAME')), value: mean })), {
    maxLength: 4,
  }),
  healthCheck: maybe(probe),
  user: maybe(fc.integer({ min: -1, max: 4_294_967_296 })),
  toDo: fc.array(mean, { maxLength: 2 }),
});

const facts: fc.Arbitrary<Omit<Facts, 'builds'>> = fc.record({
  ...{ place: mean, commit: fc.option(mean, { nil: undefined }), isClear: fc.boolean() },
  ...{ name: maybe(mean), version: maybe(mean), description: maybe(mean), author: maybe(mean) },
  ...{ license: maybe(mean), repoUrl: maybe(mean), branch: maybe(mean) },
});

const given = (value: string): Found => ({ value, from: 'you' });
const ANSWERS: Answers = {
  ...{ name: given('web'), type: given('miner'), version: given('1.0.0'), license: given('MIT') },
  ...{ repoUrl: given('https://git.example.org/web.git'), branch: given('main') },
};
const ABOUT = { file: 'web.yaml', registrarVersion: '0.1.0' };

// What a text may not have besides what it shows: lines end with a line feed, nothing hides.
const HIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The one module that a text declares, which nothing keeps from running. */
async function harmless(build: Build, rest: Omit<Facts, 'builds'>, answers: Answers) {
  const { text, report } = await writeManifest({ ...rest, builds: [build] }, build, answers, ABOUT);
  const { manifests, problems } = parseDeclared(text, 'web.yaml');
  expect(problems).toEqual([]);
  expect(manifests).toHaveLength(1);
  expect(text).not.toMatch(HIDDEN);
  expect(report.spec.results.filter(blocks)).toEqual([]);
  return manifests[0]?.manifest;
}

describe('whatever a repository holds', () => {
  test.prop([builds, facts], { numRuns: 300 })(
    'the manifest is valid, harmless, and of what was answered',
    async (build, rest) => {
      const manifest = await harmless(build, rest, ANSWERS);
      expect(manifest).toMatchObject({
        ...{ kind: 'Module', metadata: { name: 'web' } },
        spec: {
          ...{ version: '1.0.0', type: 'miner', license: 'MIT', image: '', command: [], args: [] },
          source: { repoUrl: 'https://git.example.org/web.git', branch: 'main' },
        },
      });
      expect(Object.keys(manifest?.metadata ?? {})).toEqual(['name']);
    },
  );

  test.prop(
    [
      fc.record({
        'README.md': mean,
        'package.json': fc.oneof(
          mean,
          fc
            .record({ name: mean, description: mean, author: mean, license: mean })
            .map((one) => JSON.stringify(one)),
          fc.json(),
        ),
        'pyproject.toml': fc.oneof(
          mean,
          mean.map((text) => `[project]\nname = ${JSON.stringify(text)}\n`),
        ),
        '.env.example': mean.map((text) => `A=1\nB=${text}\n${text}=c\n`),
        LICENSE: mean,
        Dockerfile: anyDockerfile(),
      }),
      fc.dictionary(mean, fc.constant('a'.repeat(40))),
      mean,
    ],
    { numRuns: 200 },
  )(
    'it is read without an error, and the manifest is valid and harmless',
    async (files, tags, origin) => {
      const repository = {
        ...{
          tree: { ...aTree(files), close: () => undefined },
          folder: '',
          origin,
          isRemote: false,
        },
        refs: { head: 'a'.repeat(40), branch: origin, tags: new Map(Object.entries(tags)) },
      };
      const read = await factsOf(repository, {
        place: origin,
        called: origin,
        dockerfile: undefined,
      });
      const [build] = read.builds;
      if (build === undefined) throw new Error('There is a Dockerfile');
      await harmless(build, read, { ...ANSWERS, ...foundAnswers(read, build) });
    },
  );

  test.prop([fc.record({ name: mean, version: mean, license: mean, repoUrl: mean, type: mean })])(
    'an answer that cannot stand in a manifest is refused, not bent',
    async (bad) => {
      const answers = Object.fromEntries(
        Object.entries(bad).map(([field, value]) => [field, given(value)]),
      );
      const [build] = fc.sample(builds, { numRuns: 1, seed: 1 });
      const [rest] = fc.sample(facts, { numRuns: 1, seed: 1 });
      if (build === undefined || rest === undefined) throw new Error('There are samples');
      const work = harmless(build, rest, { ...ANSWERS, ...answers });
      await work.catch((error: unknown) => {
        if (!isRegistrarError(error, 'INVALID')) throw error;
      });
    },
  );
});
