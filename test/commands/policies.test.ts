import { beforeEach, describe, expect, test } from 'vitest';
import { LAST_APPLIED } from '../../src/client/last-applied.js';
import type { Policy } from '../../src/model/policy.js';
import { leadingTo, runCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { documents, manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

let served: Served;

beforeEach(async () => {
  served = await serve();
});

const run = (args: readonly string[], input = ''): Promise<Ran> =>
  runCli(args, { env: leadingTo(served), input });

const policyOf = (name: string, spec: string): string =>
  `apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata:
  name: ${name}
spec: ${spec}
`;

const apply = (text: string, ...args: readonly string[]): Promise<Ran> =>
  run(['apply', '-f', '-', ...args], text);

const stored = (name: string): Policy | undefined => served.registry.get('Policy', name)?.object;

const line = (name: string, verb: string, kind = 'policy'): string =>
  `${kind}.registrar.synapsis.network/${name} ${verb}\n`;

describe('apply of a policy', () => {
  test('creates it, then has nothing to do, then configures it', async () => {
    const text = policyOf('strict', '{ priority: 5, description: old }');
    expect(await apply(text)).toEqual({ code: 0, stdout: line('strict', 'created'), stderr: '' });
    expect((await apply(text)).stdout).toBe(line('strict', 'unchanged'));
    const other = policyOf('strict', '{ priority: 6 }');
    expect((await apply(other)).stdout).toBe(line('strict', 'configured'));
    expect(stored('strict')?.spec).toMatchObject({ priority: 6, description: '' });
    const record = stored('strict')?.metadata.annotations?.[LAST_APPLIED] ?? '';
    expect(JSON.parse(record)).toMatchObject({ kind: 'Policy', spec: { priority: 6 } });
  });

  test('comes before the modules of the text, may have the name of one, and is not waited for', async () => {
    const text = documents(
      manifestOf('web'),
      policyOf('web', '{ selector: { types: [storage] } }'),
    );
    expect((await apply(text, '--wait')).stdout).toBe(
      line('web', 'created') +
        line('web', 'created', 'module') +
        line('web', 'condition met', 'module'),
    );
  });

  test('goes by the server with --server-side', async () => {
    const ran = await apply(policyOf('strict', '{ priority: 5 }'), '--server-side');
    expect(ran.stdout).toBe(line('strict', 'serverside-applied'));
    expect(stored('strict')?.metadata.managedFields).toMatchObject([
      { manager: 'registrar', operation: 'Apply' },
    ]);
  });

  test('says where it is wrong, and which kinds there are', async () => {
    const text = documents(
      policyOf('strict', '\n  checks: [{ id: commit/sinature }]'),
      'kind: Pod\n',
      policyOf('twice', '{}'),
      policyOf('twice', '{}'),
    );
    const { stderr, stdout, code } = await apply(text);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^STDIN:6:\d+: spec\.checks\[0\]\.id: .*commit\/signature/m);
    expect(stderr).toContain(
      'kind: Unknown kind "Pod"; expected "Module" or "ModuleSet" or "Policy" or "Secret"\n',
    );
    expect(stderr).toMatch(/metadata\.name: Policy "twice" is declared at STDIN:13:3 already\n/);
    expect(stdout).toBe(line('twice', 'created'));
  });

  test('that a file declares is refused', async () => {
    await apply(policyOf('strict', '{ priority: 5 }'));
    await served.registry.update('Policy', 'strict', (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: { 'registrar.synapsis.network/config-file': 'mine.yaml' },
      },
    }));
    const ran = await apply(policyOf('strict', '{ priority: 6 }'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('Policy "strict" is declared in file "mine.yaml"');
    const deleted = await run(['delete', 'policy', 'strict']);
    expect(deleted.stderr).toContain('"mine.yaml" of the config directory: remove it there');
  });
});

describe('diff of a policy', () => {
  test('shows the fields that change, as the server would store them', async () => {
    const text = policyOf('strict', '{ priority: 5, description: old }');
    expect(await run(['diff', '-f', '-'], text)).toEqual({
      ...{ code: 1, stdout: '+ policy/strict\n', stderr: '' },
    });
    await apply(text);
    expect(await run(['diff', '-f', '-'], text)).toMatchObject({
      ...{ code: 0, stdout: 'Everything is up to date.\n' },
    });
    const other = policyOf('strict', '{ priority: 6, checks: [{ id: commit/signature }] }').replace(
      '  name: strict',
      '  name: strict\n  labels: { team: ops }',
    );
    const { stdout, code } = await run(['diff', '-f', '-'], other);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        '~ policy/strict',
        '    + metadata.labels.team: "ops"',
        '    + spec.checks[0]: {"id":"commit/signature"}',
        '    ~ spec.description: "old" → ""',
        '    ~ spec.priority: 5 → 6',
        '',
      ].join('\n'),
    );
    expect(stored('strict')?.spec.priority).toBe(5);
  });

  test('exits 2 with the place of what is wrong', async () => {
    const ran = await run(['diff', '-f', '-'], policyOf('strict', '{ priority: many }'));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^STDIN:5:\d+: spec\.priority: /);
  });
});

describe('delete of a policy', () => {
  beforeEach(async () => {
    await apply(documents(policyOf('one', '{}'), policyOf('two', '{}'), manifestOf('two')));
  });

  const deleted = (name: string): string => `policy.registrar.synapsis.network "${name}" deleted\n`;

  test.for([[['policy', 'one']], [['policies/one']], [['pol', 'one']], [['Policy', 'one']]])(
    '%j deletes it alone',
    async ([args = []]) => {
      expect(await run(['delete', ...args])).toMatchObject({ code: 0, stdout: deleted('one') });
      expect([stored('one'), stored('two')?.metadata.name]).toEqual([undefined, 'two']);
      expect(served.registry.get('Module', 'two')).toBeDefined();
    },
  );

  test('-f deletes what the text declares, of its kind', async () => {
    const ran = await run(['delete', '-f', '-'], policyOf('two', '{}'));
    expect(ran.stdout).toBe(deleted('two'));
    expect(served.registry.get('Module', 'two')).toBeDefined();
    const again = await run(['delete', '-f', '-', '--ignore-not-found'], policyOf('two', '{}'));
    expect(again).toMatchObject({ code: 0, stdout: '' });
  });

  test('--all with the kind deletes all of it', async () => {
    expect((await run(['delete', 'policies', '--all'])).stdout).toBe(
      deleted('one') + deleted('two'),
    );
    expect(served.registry.get('Module', 'two')).toBeDefined();
  });

  test('needs names', async () => {
    expect((await run(['delete', 'policy'])).stderr).toBe(
      'error: A policy must be named; "registrar get policies" lists them\n',
    );
    expect((await run(['wait', '--for=delete', 'policies', '--all'])).stderr).toBe(
      'error: This works on modules, not on policies\n',
    );
  });
});

test('get and describe show policies', async () => {
  await apply(policyOf('strict', '{ priority: 5, selector: { types: [miner] } }'));
  const { stdout } = await run(['get', 'policies']);
  expect(stdout).toMatch(
    /^NAME +PRIORITY +SELECTS +CHECKS +SIGNERS +AGE\nstrict +5 +type=miner +0 /,
  );
  expect((await run(['get', 'policy', 'strict', '-o', 'name'])).stdout).toBe(
    line('strict', '').replace(' \n', '\n'),
  );
  const described = (await run(['describe', 'policy', 'strict'])).stdout;
  expect(described).toMatch(/^Name: +strict$/m);
  expect(described).toMatch(/^Kind: +Policy$/m);
  expect(described).toMatch(/Priority: +5$/m);
  expect(described).not.toContain('last-applied');
});
