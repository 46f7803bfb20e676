import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ensureSystemd } from '../../bin/lib/test-clients.js';
import { allCommands } from '../helpers/commands.js';

const UNIT = readFileSync('bin/registrar.service', 'utf8');

/** All values that a key of the unit has, in order. */
const valuesOf = (key: string): string[] =>
  [...UNIT.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

const daemon = (await allCommands()).find(({ name }) => name === 'daemon');
const known = Object.values(daemon?.flags ?? {}).map(({ env }) => env);
const variables = new Map(
  valuesOf('Environment').map((text): [string, string] => {
    const [name = '', value = ''] = text.split('=');
    return [name, value];
  }),
);

test('the unit sets what the daemon knows, and only folders that it makes', () => {
  const ours = [...variables.keys()].filter((name) => name !== 'TMPDIR');
  expect(known).toEqual(expect.arrayContaining(ours));
  expect(Object.fromEntries(variables)).toEqual({
    REGISTRAR_CONFIG_DIR: `/etc/${valuesOf('ConfigurationDirectory')[0]}`,
    REGISTRAR_DATA_DIR: `/var/lib/${valuesOf('StateDirectory')[0]}`,
    REGISTRAR_SECRETS_DIR: `/run/${valuesOf('RuntimeDirectory')[0]}`,
    TMPDIR: `/var/cache/${valuesOf('CacheDirectory')[0]}`,
  });
});

test('the unit restarts for ever what fails or hangs, and waits longer than the daemon does', () => {
  const limit = /STOP_LIMIT_MS = (\d+)_000/.exec(readFileSync('src/daemon.ts', 'utf8'))?.[1];
  expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(Number(limit));
  expect(UNIT).toMatch(/^StartLimitIntervalSec=0$/m);
  expect(UNIT).toMatch(/^Restart=always$/m);
  expect(UNIT).toMatch(/^WatchdogSec=30$/m);
  expect(UNIT).toMatch(/^RuntimeDirectoryPreserve=yes$/m);
});

test('the daemon sees the folders of the host as the engine does', () => {
  expect(valuesOf('PrivateTmp')).toEqual(['no']);
  expect(valuesOf('ProtectHome')).toEqual(['read-only']);
  expect(UNIT).not.toMatch(/^(?:Root|TemporaryFileSystem|InaccessiblePaths|Bind)/m);
});

const canAnalyze = (await ensureSystemd()) !== undefined;

/** The unit with a program that is there; the path of its copy. */
function aCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'registrar.service');
  writeFileSync(path, UNIT.replace('/opt/registrar/bin/registrar', '/bin/true'));
  return path;
}

/** What systemd-analyze says, good or bad; fails when it ends with an error. */
const analyze = (...args: string[]): string =>
  execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

// Where Debian's systemd can be installed, it judges.
test.skipIf(!canAnalyze)('systemd understands the unit, and calls what it may do little', () => {
  const unit = aCopy();
  expect(analyze('verify', '--recursive-errors=no', unit)).toBe('');
  const judgement = analyze('security', '--offline=true', '--threshold=25', '--no-pager', unit);
  expect(judgement).toMatch(/Overall exposure level .*: [12]\.\d OK/);
});
