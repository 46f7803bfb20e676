import { beforeEach, describe, expect, test } from 'vitest';
import { isSecret } from '../../src/kinds/token/secret.js';
import { leadingTo, runCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

let served: Served;

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  runCli(args, { env: { ...leadingTo(served), ...env } });

beforeEach(async () => {
  served = await serve();
});

describe('token', () => {
  test('create prints the secret alone, and the token works', async () => {
    const args = ['token', 'create', 'ci', '--role', 'operator', '--modules', 'miner-*'];
    const { code, stdout, stderr } = await run([...args, '--modules', 'web', '--expires', '30d']);
    const secret = stdout.trim();
    expect([code, isSecret(secret), stdout]).toEqual([0, true, `${secret}\n`]);
    expect(stderr).toContain('Token "ci" created; its secret is not shown again');
    expect(served.registry.get('Token', 'ci')?.object.spec).toMatchObject({
      ...{ role: 'operator', modules: ['miner-*', 'web'], exec: false },
    });
    const refused = await run(['suspend', 'api'], { REGISTRAR_TOKEN: secret });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('Error from server (Forbidden): '),
    ]);
    expect((await run(['get'], { REGISTRAR_TOKEN: secret })).code).toBe(0);
  });

  test('list shows them, without secrets', async () => {
    await run(['token', 'create', 'dashboard', '--role', 'viewer', '--expires', '30d']);
    const { stdout } = await run(['token', 'list']);
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'NAME        ROLE     MODULES   EXPIRES   LAST USED   AGE',
      expect.stringMatching(/^dashboard {3}viewer {3}<all> {5}29d {7}<never> {5}\d+s$/),
    ]);
    const all = await run(['token', 'list', '-o', 'json']);
    expect(JSON.parse(all.stdout)).toMatchObject({ items: [{ kind: 'Token' }] });
    expect(all.stdout).not.toContain('rgt_');
  });

  test('rotate prints another secret, revoke ends them', async () => {
    const { stdout: first } = await run(['token', 'create', 'ci', '--role', 'viewer']);
    const rotated = await run(['token', 'rotate', 'ci', '--overlap', '1h', '-o', 'json']);
    const second = (JSON.parse(rotated.stdout) as { status: { token: string } }).status.token;
    for (const secret of [first.trim(), second]) {
      expect((await run(['get'], { REGISTRAR_TOKEN: secret })).code).toBe(0);
    }
    const { stdout, stderr, code } = await run(['token', 'revoke', 'ci', 'none']);
    expect([code, stdout]).toEqual([1, 'token.registrar.synapsis.network "ci" revoked\n']);
    expect(stderr).toContain('tokens.registrar.synapsis.network "none" not found');
    const after = await run(['get'], { REGISTRAR_TOKEN: second });
    expect([after.code, after.stderr]).toEqual([
      1,
      expect.stringContaining('You must be logged in to the server'),
    ]);
  });

  test.each([
    [['create', 'ci'], 'Missing required flag role'],
    [['create', 'ci', '--role', 'root'], 'Expected --role=root to be one of'],
    [['create', 'ci', '--role', 'viewer', '--modules', 'web'], 'The Token "ci" is invalid'],
    [['create', 'admin', '--role', 'viewer'], 'metadata.name: '],
    [['create', 'ci', '--role', 'viewer', '--expires', 'soon'], 'Cannot read --expires "soon"'],
    [['revoke'], 'A token must be named'],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await run(['token', ...args]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});
