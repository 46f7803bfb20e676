import { once } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { linesOf } from '../../src/client/lines.js';
import type { ConfigStatus } from '../../src/triggers/config/status.js';
import { modulesOf } from '../helpers/config-files.js';
import { leadingTo, runCli, startCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { documents, manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

let served: Served;

async function start(config?: ConfigStatus): Promise<void> {
  served = await serve(config);
}

const run = (args: readonly string[], input = ''): Promise<Ran> =>
  runCli(args, { env: leadingTo(served), input });

const applyAll = (...texts: readonly string[]): Promise<Ran> =>
  run(['apply', '-f', '-', '--wait'], documents(...texts));

const HELD: ConfigStatus = {
  directory: '/etc/registrar',
  problems: () => [{ file: 'web.yaml', errors: ['web.yaml:3:5: spec.type: Required value'] }],
  held: () => ({
    reason: 'DirectoryMissing',
    message: 'The config directory is gone',
    objects: modulesOf('web', 'api'),
  }),
  notice: () => undefined,
  policyProblem: () => undefined,
  confirmPrune: async () => modulesOf('web', 'api'),
};

describe('get', () => {
  beforeEach(() => start());

  test('shows a table of all modules, sorted by name', async () => {
    await applyAll(manifestOf('web', '  replicas: 2\n'), manifestOf('api'));
    const { stdout, stderr, code } = await run(['get']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toBe('NAME   VERSION   TYPE    PHASE     READY   RESTARTS   COMMIT   AGE');
    expect(rows).toEqual([
      expect.stringMatching(/^api {4}1\.0\.0 {5}miner {3}Running {3}1\/1 {5}0 {10}<none> {3}\d+s$/),
      expect.stringMatching(/^web {4}1\.0\.0 {5}miner {3}Running {3}2\/2 {5}0 {10}<none> {3}\d+s$/),
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  test.for([
    [['get']],
    [['get', 'modules']],
    [['get', 'mod', '-l', 'subnet=17']],
    [['get', 'module', 'web']],
    [['get', 'module/web']],
    [['get', 'web', '--no-headers']],
  ])('%j -o name finds the module', async ([args = []]) => {
    await applyAll(manifestOf('web'));
    const { stdout } = await run([...args, '-o', 'name']);
    expect(stdout).toBe('module.registrar.synapsis.network/web\n');
  });

  test('says so when there is nothing', async () => {
    expect(await run(['get'])).toEqual({ code: 0, stdout: '', stderr: 'No resources found\n' });
  });

  test('shows what is there and fails for what is not', async () => {
    await applyAll(manifestOf('web'));
    const ran = await run(['get', 'nope', 'web', '-o', 'name']);
    expect(ran).toEqual({
      code: 1,
      stdout: 'module.registrar.synapsis.network/web\n',
      stderr: 'Error from server (NotFound): modules.registrar.synapsis.network "nope" not found\n',
    });
  });

  test('-o json prints the object that is named, and a List otherwise', async () => {
    await applyAll(manifestOf('web'));
    const one = JSON.parse((await run(['get', 'web', '-o', 'json'])).stdout) as object;
    expect(one).toMatchObject({ kind: 'Module', metadata: { name: 'web' } });
    const all = JSON.parse((await run(['get', '-o', 'json'])).stdout) as object;
    expect(all).toMatchObject({ apiVersion: 'v1', kind: 'List', items: [{ kind: 'Module' }] });
  });

  test('-o yaml prints what apply takes again', async () => {
    await applyAll(manifestOf('web'));
    const { stdout } = await run(['get', 'web', '-o', 'yaml']);
    expect(stdout).toContain('\n  creationTimestamp: "20');
    const again = await run(['apply', '-f', '-'], stdout);
    expect(again).toMatchObject({ code: 0, stderr: '' });
  });

  test('events lists them oldest first', async () => {
    await applyAll(manifestOf('web'));
    const { stdout } = await run(['get', 'events']);
    expect(stdout).toMatch(/^LAST SEEN {3}TYPE +REASON +OBJECT +MESSAGE\n/);
    expect(stdout.indexOf('Created container')).toBeGreaterThan(0);
    expect(stdout.indexOf('Started container')).toBeGreaterThan(
      stdout.indexOf('Created container'),
    );
  });

  test('-w goes on with each change', async () => {
    await applyAll(manifestOf('web'));
    const child = startCli(['get', '-w', '--no-headers'], { env: leadingTo(served) });
    const lines = linesOf(child.stdout);
    expect((await lines.next()).value).toMatch(/^web .* 1\/1 /);
    await run(['scale', 'web', '--replicas', '2']);
    for await (const line of lines) if (/^web .* 2\/2 /.test(line)) break;
    child.kill('SIGINT');
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect([code, signal]).toEqual([null, 'SIGINT']);
  });

  test.for([
    [['get', 'cats/web'], 'error: Unknown kind "cats" in "cats/web"; write module/NAME\n'],
    [
      ['get', 'cats', '-l', 'a=b'],
      'error: Unknown kind "cats"; "registrar api-resources" lists those that there are\n',
    ],
    [
      ['get', 'mod', 'web', '-l', 'a=b'],
      'error: Name objects, or choose them with -l or --field-selector, not both\n',
    ],
    [['get', 'modules,pods', '-w'], 'error: Can watch one kind only; ask for one of them\n'],
    [
      ['get', '--sort-by', '.a[0]'],
      'error: Cannot sort by ".a[0]"; write a field like .metadata.name\n',
    ],
    [
      ['get', 'module/web', 'event/x'],
      'error: Cannot mix kinds in one command; ask for one after the other\n',
    ],
  ] as const)('%j is refused', async ([args, stderr]) => {
    expect(await run(args)).toEqual({ code: 1, stdout: '', stderr });
  });
});

describe('a config directory with problems', () => {
  beforeEach(() => start(HELD));

  test('get warns on standard error', async () => {
    const { stderr, code } = await run(['get']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'Warning: web.yaml:3:5: spec.type: Required value\n' +
        'Warning: The config directory is gone; run "registrar config confirm-prune" to delete module/web, module/api, ' +
        'or bring the files back\n' +
        'No resources found\n',
    );
  });

  test('config shows it', async () => {
    expect((await run(['config'])).stdout).toMatchInlineSnapshot(`
      "Directory:     /etc/registrar
      Problems:
        web.yaml
          web.yaml:3:5: spec.type: Required value
      Held:
        module/web
        module/api
        DirectoryMissing: The config directory is gone
        Bring the files back, or delete these with "registrar config confirm-prune"
      "
    `);
    expect(JSON.parse((await run(['config', '-o', 'json'])).stdout)).toMatchObject({
      directory: '/etc/registrar',
      held: { objects: modulesOf('web', 'api') },
    });
  });

  test('config confirm-prune deletes nothing unasked', async () => {
    const ran = await run(['config', 'confirm-prune']);
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: Will not delete module/web, module/api unasked; there is no terminal to ask in, so say --yes\n',
    });
  });

  test('config confirm-prune --yes names what it deleted', async () => {
    expect(await run(['config', 'confirm-prune', '--yes'])).toEqual({
      code: 0,
      stdout:
        'module.registrar.synapsis.network/web pruned\nmodule.registrar.synapsis.network/api pruned\n',
      stderr: '',
    });
  });
});

describe('one module in full, and what happened', () => {
  beforeEach(() => start());

  test('describe tells conditions, containers and events', async () => {
    await applyAll(manifestOf('web'));
    const { stdout, code } = await run(['describe', 'web']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Name: {9}web\nLabels: {7}subnet=17\nAnnotations: {2}<none>\n/);
    expect(stdout).toMatch(/\nConditions:\n {2}TYPE +STATUS +REASON +SINCE +MESSAGE\n/);
    expect(stdout).toMatch(/\nContainers:\n.*\n {2}0 +web-[0-9a-f]{7}-0 +running +none +0 /);
    expect(stdout).toMatch(/\nEvents:\n(.*\n)*.*Started container web-/);
  });

  test('describe fails for a module that does not exist, and goes on', async () => {
    await applyAll(manifestOf('web'));
    const ran = await run(['describe', 'nope', 'web']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('"nope" not found');
    expect(ran.stdout).toMatch(/^Name: {9}web\n/);
  });

  test('events --for shows those of one module', async () => {
    await applyAll(manifestOf('web'), manifestOf('api'));
    const { stdout } = await run(['events', '--for', 'module/web']);
    expect(stdout).toContain('module/web');
    expect(stdout).not.toContain('module/api');
    const none = await run(['events', '--for', 'web', '--types', 'Warning']);
    expect(none).toEqual({ code: 0, stdout: '', stderr: 'No resources found\n' });
  });

  test('events -w goes on with each event', async () => {
    const child = startCli(['events', '-w'], { env: leadingTo(served) });
    await once(child.stderr, 'data');
    await applyAll(manifestOf('web'));
    for await (const line of linesOf(child.stdout)) if (line.includes('Started container')) break;
    child.kill();
  });
});

describe('a kind that no command knows', () => {
  beforeEach(() => start());

  test.for([
    [['get', 'pods'], /^NAME +READY +STATUS +RESTARTS +AGE\nweb-0 +1\/1 +Running +0 +\d+s\n$/],
    [['get', 'po', 'web-0', '-o', 'name'], /^pod\/web-0\n$/],
    [['get', 'pod/web-0', '-o', 'json'], /^\{\n {4}"apiVersion": "v1",\n {4}"kind": "Pod",/],
    [['get', 'pods', '-l', 'subnet=17', '--no-headers'], /^web-0 /],
    [['get', 'pods', '--field-selector', 'status.phase=Running', '-o', 'name'], /^pod\/web-0\n$/],
    [['get', 'namespaces'], /^NAME +STATUS +AGE\ndefault +Active +\d+s\n$/],
    [['get', 'revisions', '-o', 'name'], /^revision\.registrar\.synapsis\.network\/web-/],
    [
      ['get', 'mod,pods', '-o', 'name'],
      /^module\.registrar\.synapsis\.network\/web\npod\/web-0\n$/,
    ],
    [
      ['get', 'all'],
      /^NAME .*\npod\/web-0 .*\n\nNAME .*\nmodule\.registrar\.synapsis\.network\/web /,
    ],
  ] as const)('%j shows it', async ([args, expected]) => {
    await applyAll(manifestOf('web'));
    const { stdout, stderr, code } = await run(args);
    expect(stdout).toMatch(expected);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  test('is described by its fields and what happened to it', async () => {
    await applyAll(manifestOf('web'));
    const { stdout, code } = await run(['describe', 'pod', 'web-0']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Name: +web-0\nNamespace: +default\nLabels: +/);
    expect(stdout).toMatch(
      /\nSpec:\n {2}Containers:\n {4}- Image: {2}sample:1\n {6}Name: {2}module/,
    );
    expect(stdout).toMatch(/\nEvents: {2}<none>\n$/);
  });

  test('does not hide a module of the same name', async () => {
    await applyAll(manifestOf('pods'));
    expect((await run(['get', 'pods', '-o', 'name'])).stdout).toBe(
      'module.registrar.synapsis.network/pods\n',
    );
    expect((await run(['get', 'pod', '-o', 'name'])).stdout).toBe('pod/pods-0\n');
  });

  test('is in the list of all', async () => {
    const { stdout } = await run(['api-resources', '-o', 'wide']);
    expect(stdout).toMatch(/^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND +VERBS +CATEGORIES\n/);
    expect(stdout).toMatch(/\npods +po +v1 +true +Pod +get,list,watch +all\n/);
    expect((await run(['api-resources', '-o', 'name'])).stdout).toContain(
      'modules.registrar.synapsis.network\n',
    );
  });
});

describe('a table', () => {
  beforeEach(() => start());

  test('has columns for labels, and is sorted by a field', async () => {
    await applyAll(manifestOf('web', '  replicas: 1\n'), manifestOf('api', '  replicas: 2\n'));
    const { stdout } = await run(['get', '--sort-by', '.spec.replicas', '-L', 'subnet']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/ AGE +SUBNET$/);
    expect(rows).toEqual([
      expect.stringMatching(/^web .* 17$/),
      expect.stringMatching(/^api .* 17$/),
    ]);
    expect((await run(['get', 'web', '--show-labels'])).stdout).toMatch(/ subnet=17\n$/);
  });

  test('tells more when it is wide', async () => {
    await applyAll(manifestOf('web'));
    const { stdout } = await run(['get', '-o', 'wide']);
    expect(stdout).toMatch(/^NAME .* AGE +IMAGE +REVISION +MESSAGE\nweb .* sample:1 +[0-9a-f]+/);
  });
});
