import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseDeclared } from '../../src/kinds/declared.js';
import { formatProblem } from '../../src/manifest/parse.js';
import { validateModule } from '../../src/manifest/validate.js';
import { arbitraryManifest } from '../helpers/arbitrary-manifest.js';
import { aManifest } from '../helpers/builders.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/manifests');
const EXAMPLES = join(import.meta.dirname, '../../manifests');
const yamlIn = (folder: string) => readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const parseFile = (folder: string, file: string) =>
  parseDeclared(readFileSync(join(folder, file), 'utf8'), file);
const namesOf = ({ manifests }: ReturnType<typeof parseDeclared>) =>
  manifests.map(({ manifest, line }) => `${line} ${manifest.metadata.name}`);
const module = (name: string) =>
  `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata:
  name: ${name}
  labels: { app: ${name} }
spec:
  version: 1.0.0
  type: miner
  license: MIT
  image: sample/a:1
  env: [{ name: NETUID, value: '17' }]
  ports: [{ name: axon, containerPort: 8091 }]
  volumes: [{ name: state, mountPath: /state }]
  healthCheck: { tcp: { port: 8091 } }
`;
const asModule = (value: unknown) => ({
  ...(value as object | null),
  ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Module' },
});

describe('parseManifests()', () => {
  it.each(yamlIn(join(FIXTURES, 'invalid')))('tells all that is wrong with %s', async (file) => {
    const { problems } = parseFile(join(FIXTURES, 'invalid'), file);
    const text = problems.map((problem) => `${formatProblem(problem)}\n`).join('');
    await expect(text).toMatchFileSnapshot(
      join(FIXTURES, 'invalid', file.replace('.yaml', '.txt')),
    );
    expect(problems).not.toEqual([]);
  });

  it.each([
    ['everything.yaml', ['1 everything']],
    ['several.yaml', ['2 first', '9 second', '17 third', '26 fourth']],
    ['json.yaml', ['1 json']],
    ['empty.yaml', []],
  ])('reads %s', (file, names) => {
    const parsed = parseFile(join(FIXTURES, 'valid'), file);
    expect(parsed.problems).toEqual([]);
    expect(namesOf(parsed)).toEqual(names);
  });

  it.each(yamlIn(EXAMPLES))('reads the example %s', (file) => {
    const parsed = parseFile(EXAMPLES, file);
    expect(parsed.problems).toEqual([]);
    expect(namesOf(parsed)).toEqual([expect.stringContaining(file.replace('.yaml', ''))]);
  });

  it('leaves out a broken module and all of one name, but not the others', () => {
    expect(namesOf(parseFile(join(FIXTURES, 'invalid'), 'same-name.yaml'))).toEqual(['6 once']);
    const { manifests, problems } = parseDeclared(`${module('good')}---\n${module('No')}`, 'x');
    expect(manifests.map(({ file, manifest }) => [file, manifest.metadata.name])).toEqual([
      ['x', 'good'],
    ]);
    expect(problems).toHaveLength(1);
  });

  it('reads several kinds from one text, which may share names', () => {
    const policy =
      'apiVersion: registrar.synapsis.network/v1\nkind: Policy\nmetadata: { name: web }\n';
    const text = `${policy}spec: {}\n---\n${module('web')}`;
    const { manifests, problems } = parseDeclared(text, 'x');
    expect(problems).toEqual([]);
    expect(
      manifests.map(({ manifest: { kind, metadata }, line }) => [kind, metadata.name, line]),
    ).toEqual([
      ['Policy', 'web', 1],
      ['Module', 'web', 6],
    ]);
    const twice = parseDeclared(`${text}---\n${policy}spec: { priority: many }\n`, 'x');
    expect(twice.manifests.map(({ manifest }) => manifest.kind)).toEqual(['Module']);
    expect(twice.problems.map(formatProblem)).toEqual([
      'x:23:13: metadata.name: policy "web" is declared in line 3 already',
      'x:24:9: spec.priority: expected integer, found string "many"',
    ]);
  });

  it('reads a list of any of the kinds', () => {
    const head = { apiVersion: 'registrar.synapsis.network/v1' };
    const item = { ...head, kind: 'Policy', metadata: { name: 'one' }, spec: {} };
    const text = JSON.stringify({ ...head, kind: 'PolicyList', items: [item] });
    expect(parseDeclared(text, 'x')).toMatchObject({
      manifests: [{ manifest: { kind: 'Policy', spec: { priority: 0 } } }],
      problems: [],
    });
  });

  it('reads three hundred modules from one text', () => {
    const names = Array.from({ length: 300 }, (_, index) => `module-${index}`);
    const { manifests, problems } = parseDeclared(names.map(module).join('---\n'), 'x');
    expect(problems).toEqual([]);
    expect(manifests.map(({ manifest }) => manifest.metadata.name)).toEqual(names);
  });

  it('tells a hundred problems and how many more there are', () => {
    const text = Array.from({ length: 300 }, (_, index) => module(`No-${index}`)).join('---\n');
    const { problems } = parseDeclared(text, 'x');
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ path: '', message: '200 more problems from here on' });
  });

  it('refuses a megabyte of YAML', () => {
    const { manifests, problems } = parseDeclared('# padding\n'.repeat(105_000), 'x');
    expect(manifests).toEqual([]);
    expect(problems.map(formatProblem)).toEqual([
      'x:1:1: Text of 1050000 bytes, at most 262144 are read as YAML',
    ]);
  });

  it('reads a megabyte of JSON', () => {
    const names = Array.from({ length: 300 }, (_, index) => `module-${index}`);
    const items = names.map((name) => aManifest(name, { description: 'x'.repeat(3000) }));
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    expect(parseDeclared(text, 'x').manifests.map(({ manifest }) => manifest)).toEqual(items);
  });

  test.prop([fc.string({ unit: 'binary' })])('never throws', (text) => {
    const { manifests, problems } = parseDeclared(text, 'x');
    expect(manifests).toEqual([]);
    for (const problem of problems) expect(formatProblem(problem)).toMatch(/^x:\d+:\d+: .+$/);
  });

  test.prop([fc.array(fc.jsonValue({ maxDepth: 4 })).map((all) => all.map(asModule))])(
    'never throws on what looks like modules',
    (values) => {
      const { problems } = parseDeclared(JSON.stringify(values), 'x');
      for (const problem of problems) expect(formatProblem(problem)).toMatch(/^x:\d+:\d+: .+$/);
    },
  );

  test.prop([arbitraryManifest])('reads the same from YAML, from JSON and from itself', (input) => {
    const [parsed] = parseDeclared(JSON.stringify(input), 'x').manifests;
    expect(parsed?.manifest).toEqual(validateModule(input).manifest);
    for (const write of [stringify, JSON.stringify]) {
      const { manifests, problems } = parseDeclared(write(parsed?.manifest), 'x');
      expect(problems).toEqual([]);
      expect(manifests[0]?.manifest).toEqual(parsed?.manifest);
    }
  });
});

describe('formatProblem()', () => {
  const problem = { file: 'config/x.yaml', line: 3, column: 5 };

  it('puts file, line, column and path before the message', () => {
    const message = 'expected integer, found string "two"';
    expect(formatProblem({ ...problem, path: 'spec.replicas', message })).toBe(
      'config/x.yaml:3:5: spec.replicas: expected integer, found string "two"',
    );
  });

  it('leaves out a path that is not known, and what a file name must not do to a terminal', () => {
    const file = 'a\u001b[31m.yaml';
    expect(formatProblem({ ...problem, file, path: '', message: 'm' })).toBe('a?[31m.yaml:3:5: m');
  });
});
