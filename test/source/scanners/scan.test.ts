import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { scanArchive } from '../../../src/source/scanners/scan.js';
import { messageOf } from '../../helpers/code-of.js';
import { archiveOf } from '../../helpers/git-archive.js';
import { tempFolder } from '../../helpers/temp-folder.js';

const REPORT = readFileSync(
  join(import.meta.dirname, '../../fixtures/scanners/trivy.json'),
  'utf8',
);
const never = new AbortController().signal;
const system = process.env.PATH ?? '';

/** A program of the name, which writes down what it was told, where, and with which files. */
function fakeScanner(name: string, script: string): { path: string; told: () => string } {
  const folder = tempFolder({ 'report.json': REPORT });
  const log = join(folder, 'told');
  const body = `#!/bin/sh
if [ "$1" = --version ]; then echo "Version: 1.2.3"; exit 0; fi
for last; do :; done
{ echo "$@"; pwd; env | sort; find "\${last#dir:}" -type f; } > ${log}
${script.replaceAll('REPORT', join(folder, 'report.json'))}
`;
  writeFileSync(join(folder, name), body);
  chmodSync(join(folder, name), 0o755);
  return {
    path: [folder, system].join(delimiter),
    told: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
  };
}

const files = {
  ...{
    'miner/requirements.txt': 'aiohttp==3.8.0\n',
    'trivy.yaml': 'x',
    '.trivyignore': 'CVE-2024-0001',
  },
  ...{ 'src/main.py': 'x', 'package-lock.json': '{}' },
};

const scan = (
  path: string,
  given: { timeoutMs?: number; signal?: AbortSignal; of?: object } = {},
) =>
  scanArchive(archiveOf(tempFolder({ ...(given.of ?? files) })), {
    env: { PATH: path, HOME: '/nonexistent', TRIVY_CACHE_DIR: '/cache', REGISTRAR_TOKEN: 'canary' },
    ...{ timeoutMs: given.timeoutMs ?? 30_000, signal: given.signal ?? never },
  });

test('a scanner sees the lists of dependencies, and nothing else of the source or of the daemon', async () => {
  const { path, told } = fakeScanner('trivy', 'cat REPORT');
  const report = await scan(path);
  expect(report).toMatchObject({ scanner: 'trivy', version: '1.2.3' });
  expect(report?.found.map(({ id }) => id)).toEqual(['CVE-2024-0001', 'CVE-2024-0002']);
  const [args, cwd, ...rest] = told().trim().split('\n');
  expect(args).toMatch(/^filesystem --format json .* -- \/.*\/source$/);
  expect(cwd).toMatch(/\/empty$/);
  const seen = rest.filter((line) => line.startsWith('/')).map((line) => line.split('/source/')[1]);
  expect(new Set(seen)).toEqual(new Set(['miner/requirements.txt', 'package-lock.json']));
  expect(told()).toContain('TRIVY_CACHE_DIR=/cache');
  expect(told()).not.toContain('canary');
});

test.each(['grype', 'osv-scanner'] as const)('%s is used where it is installed', async (name) => {
  const empty = name === 'grype' ? '{"matches":[]}' : '{"results":[]}';
  const { path } = fakeScanner(name, `echo '${empty}'`);
  expect(await scan(path)).toEqual({ scanner: name, version: '1.2.3', found: [] });
});

test('without a scanner there is no report', async () => {
  expect(await scan(tempFolder())).toBeUndefined();
});

test('without lists there is nothing to ask', async () => {
  const { path, told } = fakeScanner('trivy', 'exit 1');
  expect(await scan(path, { of: { 'a.py': 'x' } })).toMatchObject({ scanner: 'trivy', found: [] });
  expect(told()).toBe('');
});

test.each([
  ['echo broken >&2; exit 3', 'broken'],
  ['exit 3', 'it ended with code 3'],
  ['echo no', 'what it wrote is no JSON'],
  ['echo {}', 'it wrote something else than expected'],
  ['exec yes', 'it wrote too much'],
])('a scanner that fails (%s) is told of', async (script, failure) => {
  const { path } = fakeScanner('trivy', script);
  expect(await scan(path)).toMatchObject({ scanner: 'trivy', found: [], failure });
});

test('a scanner that hangs is ended, with what it started', async () => {
  const { path } = fakeScanner('trivy', 'sleep 1000 & sleep 1000');
  expect(await scan(path, { timeoutMs: 500 })).toMatchObject({ failure: 'it took too long' });
});

test('a scan that is called off says so, and leaves nothing', async () => {
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('registrar-scan-'));
  const calledOff = new AbortController();
  const { path, told } = fakeScanner('trivy', 'sleep 1000');
  const work = scan(path, { signal: calledOff.signal });
  const ended = messageOf(work);
  while (told() === '') await new Promise((resolve) => setTimeout(resolve, 10));
  calledOff.abort(new Error('enough'));
  expect(await ended).toBe('enough');
  const after = readdirSync(tmpdir()).filter((name) => name.startsWith('registrar-scan-'));
  expect(after).toEqual(before);
});

test('an archive that is none is a failure of the scan', async () => {
  const { path } = fakeScanner('trivy', 'cat REPORT');
  const archive = join(tempFolder({ 'a.tar': 'no archive'.repeat(100) }), 'a.tar');
  const report = await scanArchive(archive, {
    env: { PATH: path },
    timeoutMs: 5_000,
    signal: never,
  });
  expect(report?.failure).toBeDefined();
});
