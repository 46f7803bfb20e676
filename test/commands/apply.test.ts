import { beforeEach, describe, expect, test } from 'vitest';
import { LAST_APPLIED } from '../../src/client/last-applied.js';
import { folderOf, leadingTo, runCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { documents, manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

let served: Served;

beforeEach(async () => {
  served = await serve();
});

/** Applies texts by file name, in a folder that holds them. */
function apply(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Ran> {
  const names = Object.keys(files).flatMap((name) => ['-f', name]);
  const env = leadingTo(served);
  return runCli(['apply', ...names, ...args], { env, cwd: folderOf(files) });
}

const stored = (name: string) => served.registry.get('Module', name)?.object;

const line = (name: string, verb: string) => `module.registrar.synapsis.network/${name} ${verb}\n`;

test('apply creates, then has nothing to do, then configures', async () => {
  expect(await apply({ 'web.yaml': manifestOf('web') })).toEqual({
    code: 0,
    stdout: line('web', 'created'),
    stderr: '',
  });
  expect((await apply({ 'web.yaml': manifestOf('web') })).stdout).toBe(line('web', 'unchanged'));
  const changed = manifestOf('web', '  replicas: 2\n');
  expect((await apply({ 'web.yaml': changed })).stdout).toBe(line('web', 'configured'));
  expect(stored('web')?.spec.replicas).toBe(2);
});

test('apply is unchanged also where the server adds defaults inside of a list', async () => {
  const ports = '  ports: [{ name: http, containerPort: 80 }]\n';
  await apply({ 'web.yaml': manifestOf('web', ports) });
  const again = await apply({ 'web.yaml': manifestOf('web', ports) });
  expect(again.stdout).toBe(line('web', 'unchanged'));
  const dry = await apply({ 'web.yaml': manifestOf('web', ports) }, '--dry-run', 'server');
  expect(dry.stdout).toBe(line('web', 'unchanged (server dry run)'));
  const other = { 'web.yaml': manifestOf('web', `${ports}  replicas: 2\n`) };
  const dryOther = await apply(other, '--dry-run', 'server');
  expect(dryOther.stdout).toBe(line('web', 'configured (server dry run)'));
  expect(stored('web')?.metadata.generation).toBe(1);
});

test('apply keeps what others set and removes what left the manifest', async () => {
  await apply({ 'web.yaml': manifestOf('web', '  description: old\n') });
  const env = leadingTo(served);
  expect((await runCli(['scale', 'web', '--replicas', '3'], { env })).code).toBe(0);
  await apply({ 'web.yaml': manifestOf('web') });
  expect(stored('web')?.spec).toMatchObject({ replicas: 3, description: '' });
});

test('apply records what was applied where kubectl looks for it', async () => {
  await apply({ 'web.yaml': manifestOf('web') });
  const record = stored('web')?.metadata.annotations?.[LAST_APPLIED] ?? '';
  expect(JSON.parse(record)).toMatchObject({ metadata: { name: 'web' }, spec: { type: 'miner' } });
});

test('apply goes on after what is refused, and tells file, line and column of all of it', async () => {
  const ran = await apply({
    'all.yaml': documents(
      manifestOf('web'),
      manifestOf('bad', '  replicas: many\n  colour: red\n'),
      'kind: Pod\n',
      manifestOf('api'),
    ),
    'cut.yaml': 'spec: [',
  });
  expect(ran.stdout).toBe(line('web', 'created') + line('api', 'created'));
  expect(ran.code).toBe(1);
  expect(ran.stderr.trimEnd().split('\n').toSorted()).toEqual([
    expect.stringMatching(/^all\.yaml:24:3: spec\.replicas: /),
    expect.stringMatching(/^all\.yaml:25:3: spec\.colour: /),
    'all.yaml:27:1: kind: Unknown kind "Pod"; expected "Module" or "ModuleSet" or "Policy" or "Secret"',
    expect.stringMatching(/^cut\.yaml:1:\d+: /),
  ]);
  expect(stored('bad')).toBeUndefined();
});

test('apply finds the fields of an item of a list', async () => {
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'registrar.synapsis.network/v1',
        kind: 'Module',
        metadata: { name: 'web' },
        spec: { version: 'one', type: 'miner', license: 'MIT', image: 'sample:1' },
      },
    ],
  };
  const text = JSON.stringify(list, null, 2);
  const row = text.split('\n').findIndex((each) => each.includes('"version": "one"')) + 1;
  const ran = await apply({ 'list.json': text });
  expect(ran.stderr).toMatch(new RegExp(`^list\\.json:${row}:9: spec\\.version: `));
});

test('apply reads standard input', async () => {
  const env = leadingTo(served);
  const ran = await runCli(['apply', '-f', '-'], { env, input: manifestOf('web') });
  expect(ran).toMatchObject({ code: 0, stdout: line('web', 'created') });
  const bad = await runCli(['apply', '-f', '-'], { env, input: 'kind: [' });
  expect(bad.stderr).toMatch(/^STDIN:1:\d+: /);
});

test('apply reads a folder in the order of the names, and what is below it with -R', async () => {
  const files = {
    'b.yml': manifestOf('bbb'),
    'a.json': '{"kind": "Nothing"}',
    'c.txt': 'not a manifest',
    'deep/d.yaml': manifestOf('ddd'),
  };
  const cwd = folderOf(files);
  const env = leadingTo(served);
  const flat = await runCli(['apply', '-f', '.'], { env, cwd });
  expect(flat.stdout).toBe(line('bbb', 'created'));
  expect(flat.stderr).toContain('a.json:1:2: kind: Unknown kind "Nothing"');
  const deep = await runCli(['apply', '-R', '-f', '.'], { env, cwd });
  expect(deep.stdout).toBe(line('bbb', 'unchanged') + line('ddd', 'created'));
});

test('apply --dry-run server says what it would do and stores nothing', async () => {
  const ran = await apply({ 'web.yaml': manifestOf('web') }, '--dry-run=server');
  expect(ran.stdout).toBe(line('web', 'created (server dry run)'));
  expect(stored('web')).toBeUndefined();
  await apply({ 'web.yaml': manifestOf('web') });
  const changed = manifestOf('web', '  replicas: 2\n');
  const dry = await apply({ 'web.yaml': changed }, '--dry-run=server');
  expect(dry.stdout).toBe(line('web', 'configured (server dry run)'));
  expect(stored('web')?.spec.replicas).toBe(1);
});

test('apply --wait returns when the module is ready', async () => {
  const ran = await apply({ 'web.yaml': manifestOf('web') }, '--wait');
  expect(ran.stdout).toBe(line('web', 'created') + line('web', 'condition met'));
  expect(stored('web')?.status.readyReplicas).toBe(1);
});

test('apply --wait is content with a module that is suspended on purpose', async () => {
  const ran = await apply({ 'web.yaml': manifestOf('web', '  suspend: true\n') }, '--wait');
  expect(ran.code).toBe(0);
});

test('apply --wait gives up with the reason when the time is over', async () => {
  const missing = manifestOf('web').replace('sample:1', 'missing:1');
  const ran = await apply({ 'web.yaml': missing }, '--wait', '--timeout', '300ms');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(
    /\nerror: timed out waiting for the condition on modules\/web after 300ms; web is: .*missing:1.*; "registrar describe web" tells more\n$/,
  );
});

test('apply takes sequences and lists, and a name once', async () => {
  const module = (name: string): string =>
    JSON.stringify({
      ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Module', metadata: { name } },
      spec: { version: '1.0.0', type: 'miner', license: 'MIT', image: 'sample:1' },
    });
  const list = `{ apiVersion: v1, kind: List, items: [\n  ${module('bbb')},\n  ${module('aaa')}] }`;
  const ran = await apply({ 'web.yaml': `- ${module('aaa')}\n- ${list}\n` });
  expect(ran.stdout).toBe(line('aaa', 'created') + line('bbb', 'created'));
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(
    /web\.yaml:4:\d+: metadata\.name: Module "aaa" is declared at .*web\.yaml:1:\d+ already\n$/,
  );
});

test('apply tells what is wrong with a module in the order of the text', async () => {
  const text = manifestOf('web', '  replicas: -1\n  suspend: 5\n').replace('1.0.0', 'v1');
  const { stderr } = await apply({ 'web.yaml': text });
  expect(stderr.match(/:\d+:\d+: [\w.]+/g)).toEqual([
    ':7:3: spec.version',
    ':12:3: spec.replicas',
    ':13:3: spec.suspend',
  ]);
});

describe('apply --prune', () => {
  test('deletes what was applied, has the labels and is in no manifest now', async () => {
    await apply({ 'a.yaml': manifestOf('aaa'), 'b.yaml': manifestOf('bbb') });
    await apply({ 'c.yaml': manifestOf('ccc').replace('"17"', '"18"') });
    const ran = await apply({ 'a.yaml': manifestOf('aaa') }, '--prune', '-l', 'subnet=17');
    expect(ran.stdout).toBe(line('aaa', 'unchanged') + line('bbb', 'pruned'));
    await expect.poll(() => stored('bbb')).toBeUndefined();
    expect(stored('ccc')).toBeDefined();
  });

  test('leaves what somebody made without apply', async () => {
    const { registry } = served;
    await apply({ 'a.yaml': manifestOf('aaa') });
    const made = registry.get('Module', 'aaa')?.object;
    if (made === undefined) throw new Error('aaa is not stored');
    const metadata = { name: 'made', labels: { subnet: '17' } };
    await registry.create('Module', { ...made, metadata });
    const ran = await apply({ 'a.yaml': manifestOf('aaa') }, '--prune', '-l', 'subnet=17');
    expect(ran.stdout).toBe(line('aaa', 'unchanged'));
    expect(stored('made')).toBeDefined();
  });

  test('deletes nothing when a manifest is refused', async () => {
    await apply({ 'a.yaml': manifestOf('aaa'), 'b.yaml': manifestOf('bbb') });
    const files = { 'a.yaml': manifestOf('aaa'), 'b.yaml': manifestOf('bbb', '  colour: red\n') };
    const ran = await apply(files, '--prune', '-l', 'subnet=17');
    expect(ran.code).toBe(1);
    expect(stored('bbb')?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('needs a selector', async () => {
    const ran = await apply({ 'a.yaml': manifestOf('aaa') }, '--prune');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('--selector');
  });
});

test.for([
  [['apply'], 'error: No objects passed to apply; name a manifest with -f\n'],
  [['apply', '-f', 'nope.yaml'], 'error: The path "nope.yaml" does not exist\n'],
  [
    ['apply', '-f', 'https://example.org/web.yaml'],
    'error: Will not fetch "https://example.org/web.yaml"; download it, read it, then apply the file\n',
  ],
  [
    ['apply', '-f', '-', '--timeout', 'soon'],
    'error: Cannot read --timeout "soon" as a duration; write it like 30s, 5m or 1h30m\n',
  ],
] as const)('%j is refused', async ([args, stderr]) => {
  expect(await runCli(args, { env: leadingTo(served) })).toEqual({ code: 1, stdout: '', stderr });
});

test('an owned module says which file to change', async () => {
  const { registry } = served;
  await apply({ 'web.yaml': manifestOf('web') });
  await registry.update('Module', 'web', (current) => ({
    ...current,
    metadata: {
      ...current.metadata,
      annotations: { 'registrar.synapsis.network/config-file': 'mine.yaml' },
    },
  }));
  const ran = await apply({ 'web.yaml': manifestOf('web', '  replicas: 2\n') });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('Error from server (Conflict): ');
  expect(ran.stderr).toContain('mine.yaml');
});

test('apply --server-side leaves what others have, or takes it by force', async () => {
  const first = await apply({ 'web.yaml': manifestOf('web', '  replicas: 2\n') }, '--server-side');
  expect(first).toEqual({ code: 0, stdout: line('web', 'serverside-applied'), stderr: '' });
  expect(stored('web')?.metadata.managedFields).toMatchObject([
    { manager: 'registrar', operation: 'Apply' },
  ]);
  const other = { 'web.yaml': manifestOf('web', '  replicas: 3\n') };
  const refused = await apply(other, '--server-side', '--field-manager', 'other');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^error: Apply failed with 1 conflict: conflict with "registrar": .spec.replicas\nTake the fields/,
  );
  expect(stored('web')?.spec.replicas).toBe(2);
  const force = ['--server-side', '--field-manager', 'other', '--force-conflicts'];
  expect((await apply(other, ...force)).stdout).toBe(line('web', 'serverside-applied'));
  expect(stored('web')?.spec.replicas).toBe(3);
});

test('apply moves to the server with all that was applied before', async () => {
  await apply({ 'web.yaml': manifestOf('web', '  description: old\n') });
  await apply({ 'web.yaml': manifestOf('web') }, '--server-side');
  const { metadata, spec } = stored('web') ?? {};
  expect(spec?.description).toBe('');
  expect(metadata?.managedFields?.map(({ manager }) => manager)).toEqual(['registrar']);
  expect(metadata).not.toHaveProperty('annotations');
});
