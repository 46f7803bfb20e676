import { once } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { linesOf } from '../../src/client/lines.js';
import { RESTARTED_AT_ANNOTATION } from '../../src/model/names.js';
import { folderOf, leadingTo, runCli, startCli } from '../helpers/cli.js';
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

const applyAll = (...texts: readonly string[]): Promise<Ran> =>
  run(['apply', '-f', '-', '--wait'], documents(...texts));

const stored = (name: string) => served.registry.get('Module', name)?.object;

const line = (name: string, verb: string) => `module.registrar.synapsis.network/${name} ${verb}\n`;

const notFound = (name: string) =>
  `Error from server (NotFound): modules.registrar.synapsis.network "${name}" not found\n`;

describe('delete', () => {
  test('waits until the module and its containers are gone', async () => {
    await applyAll(manifestOf('web'));
    expect(served.runtime.engine.containers.size).toBe(1);
    expect(await run(['delete', 'web'])).toEqual({
      code: 0,
      stdout: 'module.registrar.synapsis.network "web" deleted\n',
      stderr: '',
    });
    expect(stored('web')).toBeUndefined();
    expect(served.runtime.engine.containers.size).toBe(0);
  });

  test('goes on after a module that does not exist, and fails', async () => {
    await applyAll(manifestOf('web'));
    const ran = await run(['delete', 'nope', 'web']);
    expect(ran).toMatchObject({ code: 1, stderr: notFound('nope') });
    expect(stored('web')).toBeUndefined();
  });

  test('--ignore-not-found does not mind', async () => {
    expect(await run(['delete', 'nope', '--ignore-not-found'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('-f deletes what the manifests declare', async () => {
    await applyAll(manifestOf('web'), manifestOf('api'), manifestOf('other'));
    const cwd = folderOf({ 'all.yaml': documents(manifestOf('web'), manifestOf('api')) });
    const ran = await runCli(['delete', '-f', 'all.yaml'], { env: leadingTo(served), cwd });
    expect(ran.code).toBe(0);
    expect(served.registry.list('Module').items.map(({ object }) => object.metadata.name)).toEqual([
      'other',
    ]);
  });

  test('-l deletes by label and --all everything', async () => {
    const other = manifestOf('other').replace('"17"', '"18"');
    await applyAll(manifestOf('web'), manifestOf('api'), other);
    expect((await run(['delete', '-l', 'subnet=17'])).stdout).toBe(
      'module.registrar.synapsis.network "api" deleted\nmodule.registrar.synapsis.network "web" deleted\n',
    );
    expect(stored('other')).toBeDefined();
    await run(['delete', 'modules', '--all']);
    expect(stored('other')).toBeUndefined();
    expect(await run(['delete', '--all'])).toMatchObject({
      code: 0,
      stderr: 'No resources found\n',
    });
  });

  test('--dry-run server deletes nothing', async () => {
    await applyAll(manifestOf('web'));
    const { stdout } = await run(['delete', 'web', '--dry-run', 'server']);
    expect(stdout).toBe('module.registrar.synapsis.network "web" deleted (server dry run)\n');
    expect(stored('web')?.metadata.deletionTimestamp).toBeUndefined();
  });

  test('--timeout ends the waiting, --wait=false does not wait', async () => {
    await applyAll(manifestOf('web'));
    const { registry } = served;
    await registry.update('Module', 'web', (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        finalizers: [...(current.metadata.finalizers ?? []), 'example.org/held'],
      },
    }));
    const ran = await run(['delete', 'web', '--timeout', '300ms']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('timed out waiting for the condition on modules/web');
    expect(await run(['delete', 'web', '--wait=false'])).toMatchObject({ code: 0 });
    expect(stored('web')?.metadata.deletionTimestamp).toBeDefined();
  });

  test('needs to be told what', async () => {
    expect((await run(['delete'])).stderr).toBe(
      'error: A module must be named; "registrar get" lists them\n',
    );
    expect((await run(['delete', 'web', '--all'])).stderr).toBe(
      'error: Give names, or choose with -l or --all, not both\n',
    );
  });
});

describe('wait', () => {
  test('returns at once for what is so, and prints each module', async () => {
    await applyAll(manifestOf('web'), manifestOf('api'));
    const { stdout, code } = await run(['wait', '--for=condition=ready', '--all']);
    expect(code).toBe(0);
    expect(stdout).toBe(line('api', 'condition met') + line('web', 'condition met'));
  });

  test('waits for the present generation, not for an old status', async () => {
    await applyAll(manifestOf('web'));
    await run(['scale', 'web', '--replicas', '3']);
    await run(['wait', '--for=condition=Ready', 'web']);
    expect(stored('web')?.status.readyReplicas).toBe(3);
  });

  test('understands conditions that are False', async () => {
    await applyAll(manifestOf('web'));
    const ran = await run(['wait', '--for=condition=Progressing=False', 'module/web']);
    expect(ran.stdout).toBe(line('web', 'condition met'));
  });

  test('fails when the time is over', async () => {
    await applyAll(manifestOf('web'));
    const ran = await run(['wait', '--for=condition=Stalled', 'web', '--timeout=200ms']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      'error: timed out waiting for the condition on modules/web after 200ms',
    );
  });

  test('--for=delete returns when the module goes', async () => {
    await applyAll(manifestOf('web'));
    const waiting = run(['wait', '--for=delete', 'web']);
    await run(['delete', 'web']);
    expect(await waiting).toMatchObject({ code: 0, stdout: line('web', 'condition met') });
  });

  test.for([
    [['wait', '--for=condition=Ready', 'nope'], 'error: Module "nope" does not exist\n'],
    [
      ['wait', '--for=forever', 'web'],
      'error: Cannot wait for "forever"; write condition=Ready, condition=Ready=False or delete\n',
    ],
  ] as const)('%j fails', async ([args, stderr]) => {
    expect(await run(args)).toEqual({ code: 1, stdout: '', stderr });
  });
});

describe('small changes', () => {
  test('scale changes the replicas', async () => {
    await applyAll(manifestOf('web'));
    expect((await run(['scale', 'web', '--replicas', '0'])).stdout).toBe(line('web', 'scaled'));
    expect(stored('web')?.spec.replicas).toBe(0);
    expect((await run(['scale', 'web', '--replicas=-1'])).stderr).toBe(
      'error: Cannot read --replicas "-1" as a whole number from 0\n',
    );
    const tooMany = await run(['scale', 'web', '--replicas', '101']);
    expect(tooMany.code).toBe(1);
    expect(tooMany.stderr).toMatch(/^The Module "web" is invalid: spec\.replicas: /);
  });

  test('restart asks for new containers', async () => {
    await applyAll(manifestOf('web'));
    const before = stored('web')?.status.updatedRevision;
    expect((await run(['restart', 'web'])).stdout).toBe(line('web', 'restarted'));
    expect(stored('web')?.metadata.annotations?.[RESTARTED_AT_ANNOTATION]).toMatch(/^\d{4}-/);
    await expect.poll(() => stored('web')?.status.updatedRevision).not.toBe(before);
  });

  test('suspend and resume', async () => {
    await applyAll(manifestOf('web'));
    expect((await run(['suspend', 'web'])).stdout).toBe(line('web', 'suspended'));
    expect(stored('web')?.spec.suspend).toBe(true);
    expect((await run(['resume', 'web'])).stdout).toBe(line('web', 'resumed'));
    expect(stored('web')?.spec.suspend).toBe(false);
  });

  test.for([['restart'], ['suspend'], ['resume'], ['scale', '--replicas', '1']])(
    '%j goes on after a module that does not exist, and fails',
    async (command) => {
      await applyAll(manifestOf('web'));
      const ran = await run([...command, 'nope', 'web', '--dry-run=server']);
      expect(ran).toMatchObject({ code: 1, stderr: notFound('nope') });
      expect(ran.stdout).toMatch(/\/web [a-z]+ \(server dry run\)\n$/);
    },
  );
});

describe('diff', () => {
  test('exits 1 with the plan of a new module, 0 when all is as declared', async () => {
    const input = manifestOf('web');
    const created = await run(['diff', '-f', '-'], input);
    expect(created.code).toBe(1);
    expect(created.stdout).toMatch(
      /^\+ module\/web\n {4}\+ create container web-[0-9a-f]{7}-0 \(slot 0 has no container\)\n/,
    );
    await applyAll(input);
    expect(await run(['diff', '-f', '-'], input)).toEqual({
      code: 0,
      stdout: 'Everything is up to date.\n',
      stderr: '',
    });
  });

  test('shows the fields that change and why containers are replaced', async () => {
    await applyAll(manifestOf('web', '  description: old\n'));
    const changed = manifestOf('web', '  args: [serve]\n').replace('"17"', '"18"');
    const { stdout, code } = await run(['diff', '-f', '-'], changed);
    expect(code).toBe(1);
    expect(stdout).toContain('~ module/web\n    ~ metadata.labels.subnet: "17" → "18"\n');
    expect(stdout).toContain('    ~ spec.description: "old" → ""\n');
    expect(stdout).toMatch(/spec\.args/);
    expect(stdout).toMatch(/\n {4}- [^\n]+ \([^\n]+\)/);
    expect(stdout).not.toContain('last-applied');
    expect(stored('web')?.spec.args).toEqual([]);
  });

  test('exits 2 when it cannot tell, with the place of what is wrong', async () => {
    const ran = await run(['diff', '-f', '-'], manifestOf('web', '  replicas: many\n'));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^STDIN:12:3: spec\.replicas: /);
    expect((await run(['diff', '--bogus'])).code).toBe(2);
    expect((await run(['diff', '-f', 'nope'])).code).toBe(2);
  });
});

test('top shows what the containers use', async () => {
  expect(await run(['top'])).toMatchObject({ code: 0, stdout: '', stderr: 'No container runs\n' });
  await applyAll(manifestOf('web', '  replicas: 2\n'));
  const { stdout, stderr } = await run(['top', 'web']);
  expect(stderr).toBe('');
  expect(stdout.split('\n').map((row) => row.split(/ +/))).toEqual([
    ['NAME', 'CPU(cores)', 'MEMORY(bytes)'],
    ['web-0', '0m', '0Mi'],
    ['web-1', '0m', '0Mi'],
    [''],
  ]);
  expect((await run(['top', 'module/other'])).stdout).toBe('');
});

describe('logs', () => {
  /** Makes the containers of a module say something. */
  function say(...texts: readonly string[]): void {
    const { engine } = served.runtime;
    for (const { id, owner } of engine.containers.values())
      engine.say(id, ...texts.map((text) => `${owner.slot}: ${text}`));
  }

  test('of one replica are as they are', async () => {
    await applyAll(manifestOf('web'));
    say('one', '\u001B[31mred\u001B[0m', 'three');
    expect(await run(['logs', 'web'])).toEqual({
      code: 0,
      stdout: '0: one\n0: \u001B[31mred\u001B[0m\n0: three\n',
      stderr: '',
    });
    expect((await run(['logs', 'module/web', '--tail', '1'])).stdout).toBe('0: three\n');
  });

  test('of several replicas say which one, and --slot chooses', async () => {
    await applyAll(manifestOf('web', '  replicas: 2\n'));
    say('hello');
    expect((await run(['logs', 'web'])).stdout).toBe('[web-0] 0: hello\n[web-1] 1: hello\n');
    expect((await run(['logs', 'web', '-f'])).stdout.split('\n').toSorted()).toEqual([
      '',
      '[web-0] 0: hello',
      '[web-1] 1: hello',
    ]);
    expect((await run(['logs', 'web', '--slot', '1'])).stdout).toBe('1: hello\n');
    expect(await run(['logs', 'web', '--slot', '7'])).toMatchObject({ code: 1, stdout: '' });
  });

  test('of the run before are shown when asked', async () => {
    await applyAll(manifestOf('web'));
    const previous = ['logs', 'web', '--previous'];
    expect((await run(previous)).stderr).toBe(
      'Error from server (BadRequest): previous terminated container "module" in pod "web-0" not found\n',
    );
    say('first run');
    const { engine } = served.runtime;
    for (const id of engine.containers.keys()) engine.crash(id, 1);
    await run(['wait', 'web', '--for=condition=Ready']);
    expect((await run(previous)).stdout).toBe('0: first run\n');
  });

  test('begin at a time', async () => {
    await applyAll(manifestOf('web'));
    say('hello');
    const since = async (time: string) => run(['logs', 'web', '--since-time', time]);
    expect((await since('2026-01-01T00:00:00Z')).stdout).toBe('0: hello\n');
    expect((await since('2999-01-01T00:00:00.5+01:00')).stdout).toBe('');
    const refused = await since('noon');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      'Error from server (BadRequest): Query parameter "sinceTime" must be a time such as 2026-01-31T08:00:00Z, not "noon"\n',
    ]);
  });

  test('of a module that has none say what to do', async () => {
    expect((await run(['logs', 'web'])).stderr).toBe(notFound('web'));
    await run(['apply', '-f', '-'], manifestOf('web', '  replicas: 0\n'));
    expect((await run(['logs', 'web'])).stderr).toBe(
      'error: Module "web" has no container yet; "registrar describe web" tells why\n',
    );
  });

  test('end quietly when the reader has seen enough', async () => {
    await applyAll(manifestOf('web'));
    say(...Array.from({ length: 20_000 }, (_, index) => `line ${index}`));
    const child = startCli(['logs', 'web'], { env: leadingTo(served) });
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    for await (const text of linesOf(child.stdout)) {
      expect(text).toBe('0: line 0');
      break;
    }
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
  });
});
