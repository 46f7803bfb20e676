import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { CANARIES, foundIn, foundInFiles } from '../helpers/canaries.js';
import { folderOf, leadingTo, runCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

let served: Served;
const NAME = 'secret.registrar.synapsis.network';

const run = (args: readonly string[], input = ''): Promise<Ran> =>
  runCli(args, { env: leadingTo(served), input });

const value = (name: string, key: string): string | undefined =>
  served.registry.secrets.reveal(name, [key]).get(key)?.toString();

const create = (...flags: readonly string[]): Promise<Ran> =>
  run(['secret', 'create', 'keys', ...flags]);

beforeEach(async () => {
  served = await serve();
});

describe('secret create', () => {
  test('takes values from arguments, files and standard input', async () => {
    const folder = folderOf({
      'api.key': `${CANARIES.file}\n`,
      '.env': `# a comment\n\nTOKEN=${CANARIES.env}=x\nEMPTY=\r\n`,
    });
    const flags = ['--from-literal', `text=${CANARIES.literal}=y`, '--from-file', 'in=-'];
    const files = ['--from-file', join(folder, 'api.key'), '--from-env-file', join(folder, '.env')];
    const made = await run(['secret', 'create', 'keys', ...flags, ...files], CANARIES.typed);
    expect(made).toEqual({ code: 0, stdout: `${NAME}/keys created\n`, stderr: '' });
    const keys = ['text', 'in', 'api.key', 'TOKEN', 'EMPTY'];
    expect(keys.map((key) => value('keys', key))).toEqual([
      ...[`${CANARIES.literal}=y`, CANARIES.typed, `${CANARIES.file}\n`, `${CANARIES.env}=x`, ''],
    ]);
    expect(foundInFiles(served.dataDir)).toEqual([]);
  });

  test('makes logins and deploy keys, for some modules', async () => {
    const key = folderOf({ id: 'a key\n' });
    const args = ['secret', 'create', 'deploy', '--type', 'ssh', '--modules', 'miner-*'];
    expect((await run([...args, '--from-file', `privateKey=${join(key, 'id')}`])).code).toBe(0);
    const deploy = served.registry.get('Secret', 'deploy')?.object;
    expect(deploy).toMatchObject({ type: 'ssh', modules: ['miner-*'] });
    const { code, stderr } = await create('--type', 'registry', '--from-literal', 'username=ada');
    expect([code, stderr]).toEqual([1, expect.stringContaining('registry, username, password')]);
  });

  test.each([
    ['no "="', ['--from-literal', CANARIES.literal]],
    ['no file', ['--from-file', 'api=/does/not/exist']],
    ['a key twice', ['--from-literal', 'a=x', '--from-literal', `a=${CANARIES.literal}`]],
    ['a bad key', ['--from-literal', `a b=${CANARIES.literal}`]],
  ])('refuses %s, and quotes no value', async (_what, flags) => {
    const { code, stdout, stderr } = await create(...flags);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^(error: |The Secret)/);
    expect(foundIn(stderr)).toEqual([]);
  });
});

describe('secret set', () => {
  test('reads the value from standard input, without the line break at its end', async () => {
    await create('--from-literal', 'api=old', '--from-literal', 'other=stays');
    const set = await run(['secret', 'set', 'keys', 'api'], `${CANARIES.typed}\n`);
    expect(set).toEqual({ code: 0, stdout: `${NAME}/keys changed\n`, stderr: '' });
    expect([value('keys', 'api'), value('keys', 'other')]).toEqual([CANARIES.typed, 'stays']);
    await run(['secret', 'set', 'keys', 'more'], 'two\nlines\r\n');
    expect(value('keys', 'more')).toBe('two\nlines');
  });

  test('needs the Secret to be there', async () => {
    const { code, stderr } = await run(['secret', 'set', 'none', 'api'], CANARIES.typed);
    expect([code, stderr]).toEqual([1, expect.stringContaining('"none" not found')]);
    expect(foundIn(stderr)).toEqual([]);
  });
});

describe('secret import', () => {
  const importing = (text: string, ...more: readonly string[]): Promise<Ran> => {
    const file = join(folderOf({ '.env': text }), '.env');
    return run(['secret', 'import', 'keys', '--env-file', file, ...more]);
  };

  test('makes a Secret of a file as Docker reads it, and changes keys of one', async () => {
    const text = `\uFEFF# a comment\n\n  A="${CANARIES.env}" # b\r\nB= x \nC=\n  # d\nD=a=b`;
    const made = await importing(text);
    expect(made).toEqual({ code: 0, stdout: `${NAME}/keys created\n`, stderr: '' });
    const keys = ['A', 'B', 'C', 'D'];
    const values = [`"${CANARIES.env}" # b`, ' x ', '', 'a=b'];
    expect(keys.map((key) => value('keys', key))).toEqual(values);
    const changed = await importing(`B=${CANARIES.file}`);
    expect(changed.stdout).toBe(`${NAME}/keys changed\n`);
    expect([value('keys', 'B'), value('keys', 'D')]).toEqual([CANARIES.file, 'a=b']);
    const typed = ['secret', 'import', 'other', '--env-file', '-'];
    expect((await run(typed, `A=${CANARIES.typed}\n`)).code).toBe(0);
    expect(value('other', 'A')).toBe(CANARIES.typed);
  });

  test.each([
    ['a key alone', `A=x\n${CANARIES.env}`, '.env:2: expected KEY=VALUE'],
    ['no key', `=${CANARIES.env}`, '.env:1: expected KEY=VALUE'],
    ['a key with a space', `# x\nexport A=${CANARIES.env}`, '.env:2: expected a key of letters'],
    ['a key twice', `A=x\nA=${CANARIES.env}`, '.env:2: key "A" is given twice'],
  ])('refuses %s with its line, and quotes no value', async (_what, text, words) => {
    const { code, stdout, stderr } = await importing(text);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
    expect(foundIn(stderr)).toEqual([]);
  });
});

test('rotate-keys puts all values under another key', async () => {
  await create('--from-literal', `a=${CANARIES.literal}`, '--from-literal', 'b=x');
  const { code, stdout } = await run(['secret', 'rotate-keys']);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^2 values are now under key [0-9a-f]{12}\n$/),
  ]);
  expect(value('keys', 'a')).toBe(CANARIES.literal);
});

test('list, get and describe show names, sizes and hashes', async () => {
  await create('--from-literal', `api=${CANARIES.literal}`, '--from-literal', 'b=x');
  const listed = await run(['secret', 'list']);
  expect(listed.stdout.split('\n').slice(0, 2)).toEqual([
    'NAME   TYPE     DATA   AGE',
    expect.stringMatching(/^keys {3}Opaque {3}2 {6}\d+s$/),
  ]);
  expect((await run(['secret', 'list', '-o', 'wide'])).stdout).toContain('api,b');
  const shown = await Promise.all([
    run(['get', 'secrets']),
    run(['get', 'secret', 'keys', '-o', 'yaml']),
    run(['describe', 'secret', 'keys']),
    run(['get', 'secrets', '-o', 'json']),
  ]);
  expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(shown[2]?.stdout).toMatch(/hmac-sha256:[0-9a-f]{64}/);
  expect(foundIn(shown.map(({ stdout }) => stdout).join())).toEqual([]);
});

test('delete removes it and its values', async () => {
  await create('--from-literal', 'api=x');
  const deleted = await run(['secret', 'delete', 'keys', 'none']);
  expect([deleted.code, deleted.stdout]).toEqual([1, `${NAME}/keys deleted\n`]);
  expect(deleted.stderr).toContain('"none" not found');
  expect(value('keys', 'api')).toBeUndefined();
});

describe('apply of a Secret', () => {
  const text = (values: Record<string, string>): string =>
    JSON.stringify({
      ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Secret' },
      ...{ metadata: { name: 'keys' }, stringData: values },
    });
  const apply = (values: Record<string, string>, ...flags: string[]): Promise<Ran> =>
    run(['apply', '-f', '-', ...flags], text(values));

  test('creates it, has nothing to do, and removes what is not said any more', async () => {
    expect((await apply({ api: CANARIES.client, b: 'x' })).stdout).toBe(`${NAME}/keys created\n`);
    expect((await apply({ api: CANARIES.client, b: 'x' })).stdout).toBe(`${NAME}/keys unchanged\n`);
    await run(['secret', 'set', 'keys', 'more'], 'of another');
    expect((await apply({ api: 'other' })).stdout).toBe(`${NAME}/keys configured\n`);
    const values = ['api', 'b', 'more'].map((key) => value('keys', key));
    expect(values).toEqual(['other', undefined, 'of another']);
    expect(foundInFiles(served.dataDir)).toEqual([]);
  });

  test('on the server does the same', async () => {
    await apply({ api: CANARIES.applied, b: 'x' }, '--server-side');
    await apply({ api: CANARIES.applied }, '--server-side');
    expect([value('keys', 'api'), value('keys', 'b')]).toEqual([CANARIES.applied, undefined]);
  });

  test('is shown before by hashes alone, and nothing is stored', async () => {
    await apply({ api: CANARIES.client });
    const { code, stdout } = await run(['diff', '-f', '-'], text({ api: CANARIES.applied }));
    expect(code).toBe(1);
    expect(stdout).toMatch(/data\.api.*hmac-sha256/);
    expect(foundIn(stdout)).toEqual([]);
    expect(value('keys', 'api')).toBe(CANARIES.client);
    expect((await run(['diff', '-f', '-'], text({ api: CANARIES.client }))).code).toBe(0);
  });

  test('can be undone with its file', async () => {
    await apply({ api: 'x' });
    expect((await run(['delete', '-f', '-'], text({ api: 'x' }))).code).toBe(0);
    expect(served.registry.get('Secret', 'keys')).toBeUndefined();
  });
});

test('a viewer sees no Secrets, an operator no more than that they are there', async () => {
  await create('--from-literal', `api=${CANARIES.literal}`);
  const as = async (role: string, args: readonly string[], input = ''): Promise<Ran> => {
    const { stdout } = await run(['token', 'create', `${role}-${args[0]}`, '--role', role]);
    const env = { ...leadingTo(served), REGISTRAR_TOKEN: stdout.trim() };
    return runCli(args, { env, input });
  };
  const refused = await as('viewer', ['get', 'secrets']);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('it needs the role operator'),
  ]);
  const seen = await as('operator', ['get', 'secrets', '-o', 'yaml']);
  expect([seen.code, foundIn(seen.stdout)]).toEqual([0, []]);
  const written = await as('operator', ['secret', 'set', 'keys', 'api'], 'x');
  expect(written.stderr).toContain('it needs the role admin');
});
