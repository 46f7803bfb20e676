import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram } from '../../bin/lib/apt.js';
import { processesOf } from '../../bin/lib/processes.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';

const possible =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  findProgram('dockerd') !== undefined &&
  findProgram('unshare') !== undefined;

let clone: string;
beforeEach(() => {
  // A space in the path: such an engine lives elsewhere.
  clone = mkdtempSync(join(tmpdir(), 'registrar engine-'));
  mkdirSync(join(clone, 'data'));
  cpSync('bin', join(clone, 'bin'), { recursive: true });
  cpSync('package.json', join(clone, 'package.json'));
});
afterEach(() => rmSync(clone, { recursive: true }));

/**
 * Runs a script in the clone, in a network of its own, where an engine disturbs no other; what it
 * starts and does not end itself would stay. Resolves to what it prints, line by line.
 */
async function script(text: string): Promise<string[]> {
  const env = { ...process.env, HOME: clone, XDG_RUNTIME_DIR: clone };
  delete (env as NodeJS.ProcessEnv)['DOCKER_HOST'];
  const args = [
    '--net',
    '--',
    'bash',
    '-c',
    `cd "$0"; trap 'bin/engine stop' EXIT\n${text}`,
    clone,
  ];
  const { stdout } = await promisify(execFile)('unshare', args, { env });
  return stdout.trimEnd().split('\n');
}

const folderOf = (host: string): string => host.replace(/^unix:\/\//, '').replace(/\/run\/.*/, '');

function expectNothingLeft(folder: string): void {
  expect(readdirSync(join(clone, 'data'))).toEqual([]);
  expect(existsSync(folder)).toBe(false);
  expect(processesOf(/./, [folder])).toEqual([]);
  expect(execFileSync('mount').toString()).not.toContain(folder);
}

// The machine's own engine would be used where it listens at the usual place.
describe.runIf(possible && !existsSync('/var/run/docker.sock'))('the private engine', () => {
  test('is started once, however often and at once it is asked for', async () => {
    const hosts = await script(
      'for i in 1 2 3; do bin/engine ensure & done; wait; bin/engine ensure',
    );
    expect(hosts).toHaveLength(4);
    expect(new Set(hosts).size).toBe(1);
    expectNothingLeft(folderOf(hosts[0] ?? ''));
  });

  test('runs the sample image, and ends with its containers and its network', async () => {
    const lines = await script(`
      export DOCKER_HOST=$(bin/engine ensure); echo "$DOCKER_HOST"; bin/sample-image
      node --input-type=module -e "
        import { askJson, exchange } from '$PWD/bin/lib/http.js';
        const body = Buffer.from(JSON.stringify({ Image: '${SAMPLE_IMAGE}' }));
        const headers = { 'content-type': 'application/json' };
        const host = process.env.DOCKER_HOST;
        const { Id } = await askJson(host, 'POST', '/containers/create', { body, headers });
        console.log((await exchange(host, 'POST', '/containers/' + Id + '/start')).status);
      "
      unset DOCKER_HOST; bin/engine stop; cat /proc/net/dev | grep -c docker0; bin/engine status`);
    const [host = '', ...rest] = lines;
    expect(rest).toEqual([SAMPLE_IMAGE, '204', '0', 'No engine runs']);
    expectNothingLeft(folderOf(host));
  });

  test('is started again after it was killed, over what it left', async () => {
    const lines = await script(`
      bin/engine ensure
      kill -9 "$(cat data/engine/run/docker.pid)"
      until [[ "$(bin/engine status)" == No* ]]; do sleep 0.1; done
      bin/engine status; bin/engine ensure; readlink data/engine`);
    const [first = '', status, second, link] = lines;
    expect(status).toBe('No engine runs');
    expect(second).toBe(first);
    expect(link).toBe(folderOf(first));
    expectNothingLeft(folderOf(first));
  });

  test('leaves the network alone while another engine uses it', async () => {
    const lines = await script(`
      bin/engine ensure
      bash -c 'exec -a dockerd sleep 1000' & other=$!
      bin/engine stop; grep -c docker0 /proc/net/dev; kill $other`);
    const [host = '', bridges] = lines;
    expect(bridges).toBe('1');
    expectNothingLeft(folderOf(host));
  });

  test('says why it does not start', async () => {
    const failing = script(`
      mkdir sbin; printf '#!/bin/sh\\necho "failed to start daemon: $1 is odd"; exit 1' > sbin/dockerd
      chmod +x sbin/dockerd; PATH="$PWD/sbin:$PATH"; bin/engine ensure`);
    await expect(failing).rejects.toThrow('failed to start daemon: --config-file is odd');
    expect(readdirSync(join(clone, 'data'))).toEqual([]);
  });
});
