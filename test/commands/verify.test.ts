import { readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { API_VERSION } from '../../src/model/names.js';
import type { PolicySpec } from '../../src/model/policy.js';
import { folderOf, leadingTo, runCli } from '../helpers/cli.js';
import { documents, manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';
import {
  builtFrom,
  GOOD_FILES,
  GOOD_MANIFEST,
  LOCAL_POLICY,
  policyOf,
  runVerify,
} from '../helpers/verifying.js';
import { aWorkTree } from '../helpers/work-tree.js';

const BAD_PORT = '  ports: [{ name: http, containerPort: 80, hostPort: 80 }]\n';
const PORT_OFF = policyOf('lax', '{ checks: [{ id: manifest/host-ports, mode: off }] }');
const PORT_WARNED = policyOf('mild', '{ checks: [{ id: manifest/host-ports, mode: warn }] }');

describe('verify -f', () => {
  test('tells what keeps a module from running, where it stands and what to do', async () => {
    const cwd = folderOf({ 'web.yaml': builtFrom('https://git.example.org/a.git', BAD_PORT) });
    const ran = await runVerify(['-f', 'web.yaml'], { cwd });
    expect(ran.code).toBe(1);
    const [titles, row, ...rest] = ran.stdout.trimEnd().split('\n');
    expect(titles).toMatch(/^VERDICT +SEVERITY +CHECK +WHERE +WHAT$/);
    expect(row).toMatch(
      /^blocks +medium +manifest\/host-ports +web\.yaml:11 spec\.ports\[0\]\.hostPort +Port 80 /,
    );
    expect(rest).toEqual([]);
    expect(ran.stderr).toContain('module/web: No policy decides');
    expect(ran.stderr).toContain('Its source was not looked at: --fetch fetches it');
    expect(ran.stderr).toContain('1 check keeps it from running; 0 with warnings');
    expect(ran.stderr).toMatch(/^ {2}manifest\/host-ports +Choose a hostPort/m);
    expect(readdirSync(ran.place)).toEqual([]);
  });

  test('prints nothing but its notes when there is nothing to tell', async () => {
    const ran = await runVerify(['-f', '-'], { input: GOOD_MANIFEST });
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain('Nothing blocks it; 0 with warnings');
  });

  test('goes on after a text that is no manifest, and ends with 2', async () => {
    const cwd = folderOf({
      'a.yaml': documents(manifestOf('one', '  replicas: many\n'), manifestOf('two', BAD_PORT)),
      'b.yaml': 'spec: [',
      'c.yaml': manifestOf('two'),
    });
    const ran = await runVerify(['-f', '.'], { cwd });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('a.yaml:12:3: spec.replicas: expected integer');
    expect(ran.stderr).toMatch(/^b\.yaml:1:\d+: /m);
    expect(ran.stderr).toContain('c.yaml:4:3: metadata.name: module "two" is declared in a.yaml');
    expect(ran.stdout).toContain('manifest/host-ports');
    expect(ran.stderr).not.toContain('module/one');
  });

  test.for([
    [[], 'There is nothing to verify; name a manifest with -f, or a folder with --path'],
    [['web.yaml'], 'Cannot tell what "web.yaml" is; write -f for a manifest, or --path for a fol'],
    [['-f', 'missing.yaml'], 'The path "missing.yaml" does not exist'],
    [['-f', 'empty.yaml'], 'No module is declared in what -f names'],
    [['--path', 'missing'], 'There is no folder "missing"'],
    [['--path', '.', '--fetch'], 'cannot also be provided'],
    [['-f', 'web.yaml', '--policy', 'web.yaml'], 'There is no policy in what --policy names'],
    [['-f', 'web.yaml', '-o', 'xml'], 'Expected --output=xml to be one of'],
  ] as const)('%s is refused with 2', async ([args, message]) => {
    const cwd = folderOf({ 'web.yaml': GOOD_MANIFEST, 'empty.yaml': '' });
    const ran = await runVerify(args, { cwd });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(message);
  });

  test('what is only told counts with --strict', async () => {
    const input = manifestOf('web');
    expect(await runVerify(['-f', '-'], { input })).toMatchObject({ code: 0 });
    const strict = await runVerify(['-f', '-', '--strict'], { input });
    expect(strict).toMatchObject({ code: 1 });
    expect(strict.stdout).toMatch(/^warns +medium +manifest\/image-digest /m);
  });
});

describe('the policy', () => {
  const files = { 'web.yaml': manifestOf('web', BAD_PORT) };

  test('is the deciding one of those that are given', async () => {
    const cwd = folderOf({
      ...files,
      'a.yaml': policyOf('strict', '{ priority: 1, selector: { types: [validator] } }'),
      'b.yaml': PORT_OFF,
    });
    const ran = await runVerify(['-f', 'web.yaml', '--policy', 'a.yaml', '--policy', 'b.yaml'], {
      cwd,
    });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('module/web: Policy "lax" of b.yaml decides');
  });

  test('may stand beside the module, where one that is given goes before it', async () => {
    const cwd = folderOf({
      'all.yaml': documents(PORT_OFF, manifestOf('web', BAD_PORT)),
      'mild.yaml': PORT_WARNED,
    });
    const beside = await runVerify(['-f', 'all.yaml'], { cwd });
    expect(beside.code).toBe(0);
    expect(beside.stderr).toContain('Policy "lax" of all.yaml decides');
    const given = await runVerify(['-f', 'all.yaml', '--policy', 'mild.yaml', '--strict'], { cwd });
    expect(given.code).toBe(1);
    expect(given.stderr).toContain('Policy "mild" of mild.yaml decides');
  });

  test('with a mistake keeps from verifying anything', async () => {
    const broken = policyOf('lax', '{ checks: [{ id: manifest/host-port, mode: off }] }');
    const cwd = folderOf({ ...files, 'bad.yaml': broken });
    const ran = await runVerify(['-f', 'web.yaml', '--policy', 'bad.yaml'], { cwd });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('did you mean "manifest/host-ports"?');
    expect(ran.stderr).not.toContain('module/web');
  });

  test('is that of a server when one is named', async () => {
    const served = await serve();
    const checks: PolicySpec['checks'] = [{ id: 'manifest/host-ports', mode: 'off' }];
    await served.registry.create('Policy', {
      ...{ apiVersion: API_VERSION, kind: 'Policy', metadata: { name: 'of-server' } },
      spec: { description: '', priority: 0, selector: {}, checks, signers: [] },
    });
    const cwd = folderOf(files);
    const env = leadingTo(served);
    const ran = await runVerify(['-f', 'web.yaml'], { cwd, env });
    expect(ran.stderr).toContain(`Policy "of-server" of ${served.url} decides`);
    expect(ran.code).toBe(0);
    const other = await runVerify(['-f', 'web.yaml'], { cwd });
    expect(other.stderr).toContain('No policy decides');
  });

  test('of a server that does not answer is not taken for none', async () => {
    const cwd = folderOf(files);
    const ran = await runVerify(['-f', 'web.yaml', '--data-dir', 'nothing'], { cwd });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('Cannot reach Registrar');
  });
});

describe('verify --fetch', () => {
  test('fetches the source, checks all its files, and keeps none of them', async () => {
    const { url, commit } = aWorkTree(GOOD_FILES);
    const cwd = folderOf({ 'web.yaml': builtFrom(url), 'policy.yaml': LOCAL_POLICY });
    const args = ['-f', 'web.yaml', '--fetch', '--policy', 'policy.yaml'];
    const ran = await runVerify([...args, '-o', 'json'], { cwd });
    expect(ran.code).toBe(0);
    const { kind, metadata, spec } = JSON.parse(ran.stdout);
    expect({ kind, metadata }).toEqual({ kind: 'Report', metadata: { name: 'web' } });
    expect(spec).toMatchObject({
      ...{ module: 'web', version: '1.0.0', policy: { name: 'local' } },
      source: { commit, repoUrl: url, files: 4 },
    });
    expect(spec.results).toContainEqual(
      expect.objectContaining({ check: 'tree/licence', result: 'passed' }),
    );
    expect(ran.stderr).toContain(`Looked at 4 files of commit ${commit}`);
    expect(readdirSync(ran.place)).toEqual([]);
  });

  test('does not fetch from where the policy lets nothing come from', async () => {
    const { url } = aWorkTree(GOOD_FILES);
    const ran = await runVerify(['-f', '-', '--fetch'], { input: builtFrom(url) });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^blocks +high +manifest\/repository-scheme +STDIN:10 /m);
    expect(ran.stderr).toContain('Its repository is refused, so nothing was fetched');
  });

  test('says of a source that cannot be had that it could not look', async () => {
    const cwd = folderOf({ 'policy.yaml': LOCAL_POLICY });
    const ran = await runVerify(['-f', '-', '--fetch', '--policy', 'policy.yaml'], {
      ...{ cwd, input: builtFrom('file:///nowhere/web.git') },
    });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^blocks +critical +\d+ checks +could not look: Cannot look up/m);
    expect(readdirSync(ran.place)).toEqual([]);
  });
});

describe('formats', () => {
  test('several modules are a list', async () => {
    const input = documents(manifestOf('one'), manifestOf('two'));
    const { stdout } = await runVerify(['-f', '-', '-o', 'yaml'], { input });
    const { kind, items } = parse(stdout);
    expect(kind).toBe('List');
    expect(items.map((one: { metadata: object }) => one.metadata)).toEqual([
      { name: 'one' },
      { name: 'two' },
    ]);
    const table = await runVerify(['-f', '-'], { input });
    expect(table.stdout).toMatch(/^module\/one:\n {2}VERDICT[^]*\n\nmodule\/two:\n {2}VERDICT/);
  });

  test('the description of a module shows the same table', async () => {
    const served = await serve();
    const env = leadingTo(served);
    await runCli(['apply', '-f', '-', '--wait'], { env, input: manifestOf('web') });
    const described = await runCli(['describe', 'web'], { env });
    const { stdout } = await runVerify(['-f', '-'], { input: manifestOf('web') });
    const [, row = ''] = stdout.split('\n');
    expect(row).toContain('manifest/image-digest');
    expect(described.stdout).toContain('manifest/image-digest');
    expect(described.stdout).toMatch(/VERDICT +SEVERITY +CHECK +WHERE +WHAT/);
  });
});
