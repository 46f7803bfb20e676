import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { aSite, eventually, manifest } from '../helpers/daemon.js';
import { conditionOf, manifestOf, modulesOf, nameOf } from '../helpers/live-modules.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/manifests/invalid');
const invalid = readdirSync(FIXTURES).filter((name) => name.endsWith('.yaml'));

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);
const folder = mkdtempSync(join(tmpdir(), 'registrar-bad-'));
let others: Bystanders;

beforeAll(async () => {
  await site.start();
  others = await bystanders(site, modules);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  expect(await others.look()).toEqual(others.unharmed);
  await others.remove();
});

/** Applies a file of that content. */
async function apply(file: string, content: string | Uint8Array) {
  const path = join(folder, file);
  writeFileSync(path, content);
  const ran = await site.cli(['apply', '-f', path]);
  return { ...ran, stderr: ran.stderr.replaceAll(`${folder}/`, '') };
}

/** What the daemon says about the files of its config directory. */
async function reported(): Promise<Record<string, string>> {
  const { stdout } = await site.cli(['config', '-o', 'json']);
  const { problems } = JSON.parse(stdout) as { problems: { file: string; errors: string[] }[] };
  return Object.fromEntries(problems.map(({ file, errors }) => [file, errors.join('\n')]));
}

const asleep = (name: string): string => manifest(name, '  replicas: 0\n');
const many = (names: readonly string[]): string => names.map(asleep).join('---\n');
const threeHundred = (word: string): string[] =>
  Array.from({ length: 300 }, (_, index) => `${nameOf(word)}-${index}`);

describe.concurrent('registrar apply', () => {
  it('tells every mistake of every file with its place, and no character that hides', async () => {
    const { code, stderr } = await site.cli(['apply', '-f', FIXTURES, '--dry-run=server']);
    expect(code).toBe(1);
    const lines = stderr.replaceAll(`${FIXTURES}/`, '').trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^[\w-]+\.yaml:\d+:\d+: \S/);
    expect(new Set(lines.map((line) => line.split(':')[0]))).toEqual(new Set(invalid));
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  const name = nameOf('big');
  const big = JSON.stringify(manifestOf(name, { description: 'x'.repeat(2 ** 22) }));
  it.each([
    ['an empty file', 'empty.yaml', '', /^error: No objects passed to apply; name a manifest/],
    ['a file of comments', 'notes.yaml', '# later\n---\n', /^error: No objects passed to apply/],
    ['4 MiB of YAML', 'big.yaml', `# ${big}`, /^big.yaml:1:1: Text of \d+ bytes, at most 262144/],
    ['4 MiB of JSON', 'big.json', big, /RequestEntityTooLarge|at most \d+/],
    [
      'another encoding',
      'latin.yaml',
      Buffer.from([0xe9, 0x0a]),
      /latin.yaml" is not a text in UTF-8/,
    ],
  ])('refuses %s', async (_what, file, content, message) => {
    expect(await apply(file, content)).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(message) as string,
    });
    expect(await modules.find(name)).toBeUndefined();
  });

  it('goes on after a module that is refused', async () => {
    const [first, last] = [nameOf('first'), nameOf('last')];
    const bad = asleep('Bad_Name');
    const ran = await apply('mixed.yaml', [asleep(first), bad, asleep(last)].join('---\n'));
    expect(ran).toMatchObject({
      code: 1,
      stdout: [first, last]
        .map((one) => `module.registrar.synapsis.network/${one} created\n`)
        .join(''),
      stderr: expect.stringMatching(/^mixed.yaml:16:\d+: metadata.name: .*"Bad_Name"/) as string,
    });
  });

  it('takes 300 modules in one file', async () => {
    const names = threeHundred('applied');
    const { code, stdout, stderr } = await apply('many.yaml', many(names));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(301);
    await Promise.all(names.map((one) => modules.untilReady(one)));
  });
});

describe('the config directory', () => {
  it('tells every mistake of every file', async () => {
    for (const file of invalid) copyFileSync(join(FIXTURES, file), join(site.configDir, file));
    site.declare('empty.yaml', '');
    site.declare('large.yaml', `# ${'x'.repeat(2 ** 22)}`);
    const expected = invalid.map((file) => [
      file,
      readFileSync(join(FIXTURES, file.replace('.yaml', '.txt')), 'utf8').trimEnd(),
    ]);
    await eventually(async () => 'wrong-kind.yaml' in (await reported()), 'they are read');
    expect(await reported()).toEqual({
      ...Object.fromEntries(expected),
      'empty.yaml': 'empty.yaml: Is empty; remove it to delete its objects',
      'large.yaml': 'large.yaml: Is larger than 256 KiB',
    });
    const { items } = JSON.parse((await site.cli(['get', 'events', '-o', 'json'])).stdout) as {
      items: { reason: string; involvedObject: { name: string } }[];
    };
    const told = items.filter(({ reason }) => reason === 'ConfigFileInvalid');
    expect(told.map(({ involvedObject }) => involvedObject.name)).toEqual(
      expect.arrayContaining(invalid),
    );
    for (const file of [...invalid, 'empty.yaml', 'large.yaml']) rmSync(join(site.configDir, file));
  });

  it('keeps the last good state of a file with a mistake, and says so', async () => {
    const name = nameOf('kept');
    site.declare('kept.yaml', asleep(name));
    await modules.untilReady(name);
    site.declare('kept.yaml', asleep(name).replace('1.0.0', '"1.0'));
    const { spec, status } = await modules.until(
      name,
      'the mistake is told',
      (module) => conditionOf(module, 'ConfigStale') !== undefined,
    );
    expect(spec.version).toBe('1.0.0');
    expect(status).toMatchObject({ phase: 'Running' });
    expect(status.conditions).toContainEqual(
      expect.objectContaining({
        ...{ type: 'ConfigStale', status: 'True', reason: 'FileInvalid' },
        message: expect.stringContaining('kept.yaml:') as string,
      }),
    );
    expect((await site.cli(['get'])).stderr).toMatch(/^Warning: .*kept\.yaml:\d+:\d+: /m);
    site.declare('kept.yaml', asleep(name).replace('1.0.0', '2.0.0'));
    await modules.until(
      name,
      'it is mended',
      (module) =>
        module.spec.version === '2.0.0' && conditionOf(module, 'ConfigStale') === undefined,
    );
  });

  it('lets nothing new run while a policy that never was good is in a file', async () => {
    const name = nameOf('unverified');
    const policy = `apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata: { name: wrong }
spec: { priority: many, selector: { matchLabels: { nobody: has } } }
`;
    site.declare('policy.yaml', policy);
    site.declare('unverified.yaml', JSON.stringify(manifestOf(name)));
    const { status } = await modules.until(name, 'it waits for the policy', (module) =>
      JSON.stringify(module.status.conditions).includes('policy.yaml:4:9: spec.priority'),
    );
    expect(status).toMatchObject({ replicas: 0, containers: [] });
    expect((await site.cli(['config'])).stdout).toMatch(/^Policies:\n .*policy\.yaml:4:9/m);
    site.declare('policy.yaml', policy.replace('many', '5'));
    await modules.untilReady(name);
    rmSync(join(site.configDir, 'policy.yaml'));
  });

  it('takes 300 modules in one file', async () => {
    const names = threeHundred('declared');
    site.declare('many.yaml', many(names));
    await Promise.all(names.map((one) => modules.untilReady(one)));
  });
});
