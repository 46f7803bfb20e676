import { describe, expect, test } from 'vitest';
import { buildFacts, dockerfilePaths } from '../../../src/local/init/build-facts.js';
import { factsOf } from '../../../src/local/init/facts.js';
import { foundAnswers } from '../../../src/local/init/found-answers.js';
import type { Build } from '../../../src/local/init/found.js';
import { lastPart, moduleName } from '../../../src/local/init/name.js';
import { packageFacts } from '../../../src/local/init/package-facts.js';
import { readmeLine } from '../../../src/local/init/readme.js';
import { taggedVersion } from '../../../src/local/init/version.js';
import { knownLicences } from '../../../src/verification/licence/known-licences.js';
import { aTree } from '../../helpers/trees.js';

const [HERE, THERE] = ['a'.repeat(40), 'b'.repeat(40)];

test.for([
  ['@scope/Echo Miner', 'echo-miner'],
  ['--echo__miner--', 'echo-miner'],
  ['x'.repeat(100), 'x'.repeat(63)],
  ['ab', undefined],
  ['日本語', undefined],
] as const)('"%s" is called %s', ([value, name]) => {
  expect(moduleName({ value, from: '' })?.value).toBe(name);
});

test.for([
  ['https://git.example.org/a/echo.git', 'echo'],
  ['git@git.example.org:echo.git', 'echo'],
  ['/srv/modules/echo/', 'echo'],
  ['', ''],
] as const)('the last part of "%s" is "%s"', ([address, name]) => {
  expect(lastPart(address)).toBe(name);
});

test.for([
  ['the highest', { 'v1.2.0': THERE, 'v1.10.0': THERE, next: HERE }, '1.10.0', false],
  ['that of this commit', { 'v1.2.0': HERE, 'v2.0.0': THERE }, '1.2.0', true],
  [
    'a release before what comes before one',
    { '1.0.0': THERE, '2.0.0-rc.1': THERE },
    '1.0.0',
    false,
  ],
  ['none without a version', { latest: HERE, 'release-1': HERE }, undefined, undefined],
] as const)('of tags, the version is %s', ([, tags, version, isHere]) => {
  const found = taggedVersion({ tags: new Map(Object.entries(tags)), head: HERE });
  expect([found?.value, found?.isHere]).toEqual([version, isHere]);
});

test.for([
  ['# Echo\n\nAnswers all.\n', 'Answers all.'],
  ['Echo\n====\n\n.. image:: x.png\n\nAnswers all.\n', 'Answers all.'],
  ['# Echo\n\n[![ci](a.svg)](b) <img src="x">\n\n> Answers [all](x).\n', 'Answers all.'],
  ['# Echo\n', 'Echo'],
  ['```\ncode\n', 'code'],
  ['', undefined],
] as const)('of the README %j the line is %s', ([text, line]) => {
  expect(readmeLine(aTree({ 'README.md': text }), '')?.value).toBe(line);
});

describe('packages', () => {
  test('say what they are, the first file that does so', async () => {
    const tree = aTree({
      'package.json': '{"name":"web","version":"one","license":"UNLICENSED"}',
      'pyproject.toml':
        '[project]\nname = "other"\nversion = "1.2.3"\nlicense = "MIT"\nauthors = [{ email = "a@b.c" }]\n',
    });
    expect(await packageFacts(tree, '')).toEqual({
      name: { value: 'web', from: 'package.json' },
      version: { value: '1.2.3', from: 'pyproject.toml' },
      license: { value: 'MIT', from: 'pyproject.toml' },
      author: { value: 'a@b.c', from: 'pyproject.toml' },
      description: undefined,
    });
  });

  test.for([
    ['no JSON', '{"name":'],
    ['nested without end', '['.repeat(100_000)],
    ['a list', '[1]'],
    ['too long', `{"name":"web"${' '.repeat(300_000)}}`],
  ])('may be %s', async ([, text = '']) => {
    const tree = aTree({ 'package.json': text, 'pyproject.toml': `a = ${text}` });
    expect(Object.values(await packageFacts(tree, '')).filter(Boolean)).toEqual([]);
  });
});

describe('a Dockerfile', () => {
  const build = (dockerfile: string, more: Record<string, string> = {}): Build =>
    buildFacts(aTree({ Dockerfile: dockerfile, ...more }), 'Dockerfile');
  const valuesOf = (all: readonly { readonly value: unknown }[]): unknown[] =>
    all.map(({ value }) => value);

  test('says which ports it has; those that a variable names are left out', () => {
    const text = 'FROM a\nARG P=1\nEXPOSE $P 80 80/tcp 53/UDP 7000-7002 99999999\n';
    expect(build(text).ports.map(({ value }) => value.name)).toEqual([
      ...['tcp-80', 'udp-53', 'tcp-7000', 'tcp-7001', 'tcp-7002'],
    ]);
  });

  test('counts by its last stage, and the ones that is made from', () => {
    const text =
      'FROM a AS base\nEXPOSE 1\nFROM b AS tool\nEXPOSE 2\nUSER 7\nFROM base\nEXPOSE 3\nUSER 8\n';
    const { ports, user } = build(text);
    expect(ports.map(({ value }) => value.containerPort)).toEqual([1, 3]);
    expect(user?.value).toBe(8);
  });

  test.for([
    ['USER 10001', 10_001],
    ['USER 10001:10001', 10_001],
    ['USER 10001:5', undefined],
    ['USER app', undefined],
    ['USER 0', undefined],
    ['USER 5\nUSER root', undefined],
  ] as const)('with %j runs as %s', ([line, user]) => {
    expect(build(`FROM a\n${line}\n`).user?.value).toBe(user);
  });

  test.for([
    ['', true],
    ['USER root', true],
    ['USER app', false],
  ] as const)('with "%s" should name a user: %s', ([line, isTold]) => {
    expect(build(`FROM a\n${line}\n`).toDo.some((one) => one.includes('USER'))).toBe(isTold);
  });

  test('says how its health is checked', () => {
    const shell = 'HEALTHCHECK --interval=1m30s --retries=5 CMD curl -f \\\n  http://x || exit 1';
    expect(build(`FROM a\n${shell}\n`).healthCheck?.value).toEqual({
      exec: {
        command: ['/bin/sh', '-c', expect.stringMatching(/^curl -f +http:\/\/x \|\| exit 1$/)],
      },
      ...{ intervalSeconds: 90, retries: 5 },
    });
    expect(build('FROM a\nHEALTHCHECK NONE\n').healthCheck).toBeUndefined();
  });

  test('says which folders outlive it', () => {
    const { volumes } = build('FROM a\nVOLUME /a/ $B relative\nVOLUME ["/c d", "/a"]\n');
    expect(valuesOf(volumes)).toEqual([
      { name: 'a', mountPath: '/a' },
      { name: 'c-d', mountPath: '/c d' },
    ]);
  });

  test('takes the environment from the example, but for what it leaves open', () => {
    const { env, toDo } = build('FROM a\nENV SET=1\nUSER app\n', {
      LICENSE: 'Own terms',
      '.env.example': 'A=1\nB=\nSET=\nC=changeme\nA=2\n',
    });
    expect(valuesOf(env)).toEqual([{ name: 'A', value: '2' }]);
    expect(toDo).toEqual([
      'Set B in spec.env; .env.example leaves it open',
      'Set C in spec.env; .env.example leaves it open',
    ]);
  });

  test('without a licence should get one', () => {
    const sentence = 'Add the text of the licence to the repository, as the file LICENSE';
    expect(build('FROM a\nUSER app\n').toDo).toEqual([sentence]);
    expect(build('FROM a\nUSER app\n', { LICENSE: 'Own terms' }).toDo).toEqual([]);
  });

  test('that is too long says nothing', () => {
    expect(build(`FROM a\nEXPOSE 1\n${'#'.repeat(300_000)}`).ports).toEqual([]);
  });

  test('is found beside what was named first, then nearest to the top', () => {
    const tree = aTree({ 'b/c/Dockerfile': '', 'a/Dockerfile': '', 'a/Dockerfile.old': '' });
    expect(dockerfilePaths(tree, '')).toEqual(['a/Dockerfile', 'b/c/Dockerfile']);
    expect(dockerfilePaths(tree, 'b/c')[0]).toBe('b/c/Dockerfile');
  });
});

test.for([
  ['GPL-3.0', 'GPL-3.0-or-later', 'GPL-3.0-or-later'],
  ['GPL-3.0', 'MIT', 'GPL-3.0-only'],
  ['GPL-3.0', undefined, 'GPL-3.0-only'],
  ['MIT', undefined, 'MIT'],
  [undefined, 'Apache-2.0', 'Apache-2.0'],
] as const)('a text of %s and a package of %s are under %s', async ([text, said, license]) => {
  const files = {
    Dockerfile: 'FROM a\n',
    ...(text && { LICENSE: knownLicences().find(({ id }) => id === text)?.text ?? '' }),
    ...(said && { 'package.json': JSON.stringify({ license: said }) }),
  };
  const refs = { head: undefined, branch: undefined, tags: new Map<string, string>() };
  const tree = { ...aTree(files), close: () => undefined };
  const repository = { tree, folder: '', origin: undefined, isRemote: false, refs };
  const facts = await factsOf(repository, { place: '.', called: '/web', dockerfile: undefined });
  const [build] = facts.builds;
  if (build === undefined) throw new Error('There is a Dockerfile');
  expect(foundAnswers(facts, build).license?.value).toBe(license);
});
