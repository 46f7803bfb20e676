import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { leadingTo, runCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

let served: Served;

const run = (args: readonly string[], input = ''): Promise<Ran> =>
  runCli(args, { env: leadingTo(served), input });

beforeEach(async () => {
  served = await serve();
  await run(['apply', '-f', '-', '--wait'], manifestOf('web'));
  await run(['scale', 'web', '--replicas', '2']);
  await runCli(['events'], { env: { ...leadingTo(served), REGISTRAR_TOKEN: 'wrong' } });
});

describe('audit', () => {
  test('shows who changed what and what was refused, the newest first', async () => {
    const { stdout, code } = await run(['audit']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^LINE +TIME +USER +FROM +VERB +RESOURCE +NAME +RESULT$/);
    expect(rows).toEqual([
      expect.stringMatching(
        /^3 +20\S+Z +system:anonymous +127\.0\.0\.1 +list +events +<none> +401 Unauthorized$/,
      ),
      expect.stringMatching(/^2 .* admin .* patch .* web +200 OK$/),
      expect.stringMatching(/^1 .* admin .* create .* web +201 Created$/),
    ]);
    expect(code).toBe(0);
  });

  test.for([
    [['--denied'], ['3']],
    [['--refused'], ['3']],
    [
      ['--user', 'admin'],
      ['2', '1'],
    ],
    [['--verb', 'create'], ['1']],
    [
      ['--resource', 'modules', '--name', 'web'],
      ['2', '1'],
    ],
    [['--since', '1h', '--limit', '1'], ['3']],
    [
      ['--limit', '0'],
      ['3', '2', '1'],
    ],
  ] as const)('%j', async ([flags, expected]) => {
    const { stdout } = await run(['audit', ...flags]);
    const [, ...rows] = stdout.trimEnd().split('\n');
    expect(rows.map((row) => row.split(' ')[0])).toEqual(expected);
  });

  test('says so when nothing matches', async () => {
    expect(await run(['audit', '--user', 'nobody'])).toEqual({
      ...{ code: 0, stdout: '', stderr: 'No lines found\n' },
    });
  });

  test('-o wide has hashes and the request, -o json everything', async () => {
    const { stdout } = await run(['audit', '-o', 'wide', '--verb', 'create']);
    expect(stdout).toMatch(/registrar:admin +<none> +[0-9a-f]{12} +[0-9a-f-]{36}\n$/);
    const { items } = JSON.parse((await run(['audit', '-o', 'json'])).stdout) as {
      items: Record<string, unknown>[];
    };
    expect(items).toHaveLength(3);
    expect(items[1]).toMatchObject({ seq: 2, oldHash: items[2]?.['newHash'], count: 1 });
  });

  test.for([
    [['--since', 'yesterday'], 'Cannot read --since "yesterday" as a duration'],
    [['--limit', '-1'], 'Cannot read --limit "-1" as a whole number'],
    [['--verify', '--denied'], '--denied'],
  ] as const)('refuses %j', async ([flags, message]) => {
    const { code, stderr } = await run(['audit', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});

describe('audit --verify', () => {
  test('says that all is as it was written', async () => {
    const { code, stdout } = await run(['audit', '--verify']);
    expect(stdout).toMatch(
      /^All 3 lines from 1 to 3 are as they were written; the last hash is [0-9a-f]{64}\n$/,
    );
    expect(code).toBe(0);
  });

  test('exits with 1 and names the first line that is not', async () => {
    const shell = new Sqlite(join(served.dataDir, 'registrar.db'));
    onTestFinished(() => void shell.close());
    shell.exec("UPDATE audit SET user = 'nobody' WHERE seq = 2");
    expect(await run(['audit', '--verify'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'The audit is not as it was written, from line 2 on: It was changed\n',
    });
  });
});
