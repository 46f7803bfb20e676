import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSite, becomesReady, eventually, manifest } from '../helpers/daemon.js';
import type { DaemonProcess } from '../helpers/daemon.js';
import { foundIn, foundInFiles } from '../helpers/canaries.js';
import { docker } from '../helpers/engine.js';
import { memoryFolder } from '../helpers/memory-folder.js';

const FIRST = 'canary-first-31c7e08b';
const SECOND = 'canary-second-9a6d24f1';

const secretsDir = memoryFolder(afterAll);
const site = aSite({ atEnd: afterAll });
let daemon: DaemonProcess;
const start = async (): Promise<void> => {
  daemon = await site.start(['--secrets-dir', secretsDir]);
};

beforeAll(start);

const volumes = (items = '{ key: api, path: api.txt }'): string =>
  `  volumes: [{ name: keys, mountPath: /run/secrets/keys, secret: { secretName: keys, items: [${items}] } }]\n`;

async function cli(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await site.cli(args, input);
  expect([args, code, stderr]).toEqual([args, 0, '']);
  return stdout;
}

const secret = (command: 'create' | 'set', value: string): Promise<string> =>
  command === 'create'
    ? cli(['secret', 'create', 'keys', '--from-file', 'api=-'], value)
    : cli(['secret', 'set', 'keys', 'api'], value);

/** What the only container of a module reads in a file of its own. */
async function reads(module: string, path = '/run/secrets/keys/api.txt'): Promise<string> {
  const [container] = (await site.containers()).filter((one) => one.module === module);
  const exec = await docker()
    .getContainer(container?.id ?? '')
    .exec({ Cmd: ['cat', path], AttachStdout: true });
  const output: Buffer[] = [];
  for await (const chunk of await exec.start({})) output.push(chunk as Buffer);
  return Buffer.concat(output).subarray(8).toString();
}

const containersOf = async (module: string) =>
  (await site.containers()).filter((one) => one.module === module);

/** Folders of containers. */
const folders = (): string[] =>
  readdirSync(secretsDir).flatMap((root) => readdirSync(`${secretsDir}/${root}`));

describe('a module that mounts a Secret', () => {
  it('waits for it, has it once it is there, and has another one when it changes', async () => {
    await cli(['apply', '-f', '-'], manifest('web', volumes()));
    const waits = async (): Promise<boolean> =>
      /SecretMissing/.test((await site.cli(['describe', 'web'])).stdout);
    await eventually(waits, 'web waits for the Secret');
    await secret('create', FIRST);
    await becomesReady(site, 'web');
    expect(await reads('web')).toBe(FIRST);
    const [before] = await containersOf('web');
    await secret('set', SECOND);
    await eventually(async () => {
      const now = await containersOf('web');
      return now.length === 1 && now[0]?.id !== before?.id && now[0]?.state === 'running';
    }, 'the container is replaced');
    await becomesReady(site, 'web');
    expect(await reads('web')).toBe(SECOND);
    expect(folders()).toHaveLength(1);
  });

  it('keeps it while the daemon is killed, and the next one removes what nobody mounts', async () => {
    const [before] = await containersOf('web');
    await daemon.end('SIGKILL');
    const root = `${secretsDir}/${readdirSync(secretsDir)[0] ?? ''}`;
    const left = `${root}/0123456789abcdef`;
    mkdirSync(`${left}/0`, { recursive: true });
    expect(folders()).toHaveLength(2);
    // A deploy key, while git was talking to a repository; no module here needs git again.
    const key = join(site.dataDir, 'source', 'keyrings', '0123456789abcdef', 'key');
    mkdirSync(dirname(key), { recursive: true });
    writeFileSync(key, 'a deploy key');
    await start();
    expect(existsSync(key)).toBe(false);
    await becomesReady(site, 'web');
    await eventually(() => folders().length === 1, 'what was left is gone');
    expect(await containersOf('web')).toMatchObject([{ id: before?.id }]);
    expect(await reads('web')).toBe(SECOND);
  });

  it('gets it anew when the memory of the host was lost', async () => {
    const [before] = await containersOf('web');
    await daemon.end();
    for (const root of readdirSync(secretsDir))
      rmSync(`${secretsDir}/${root}`, { recursive: true });
    const container = docker().getContainer(before?.id ?? '');
    await container.restart({ t: 0 }).catch(() => undefined);
    expect((await container.inspect()).State.Running).toBe(false);
    await start();
    await eventually(async () => {
      const now = await containersOf('web');
      return now.length === 1 && now[0]?.id !== before?.id && now[0]?.state === 'running';
    }, 'the container is made again');
    await becomesReady(site, 'web');
    expect(await reads('web')).toBe(SECOND);
  });

  it('is stamped by a set, with the Secret of the instance', async () => {
    await cli(
      ['apply', '-f', '-'],
      `apiVersion: registrar.synapsis.network/v1
kind: ModuleSet
metadata: { name: miners }
spec:
  instances: [{ name: a, values: { secret: keys } }]
  template:
    spec:
      version: 1.0.0
      type: miner
      license: MIT
      image: registrar-sample/busybox:1
      strategy: { minReadySeconds: 0 }
      volumes: [{ name: keys, mountPath: /keys, secret: { secretName: '\${secret}' } }]
`,
    );
    await becomesReady(site, 'miners-a');
    expect(await reads('miners-a', '/keys/api')).toBe(SECOND);
    await cli(['delete', 'moduleset', 'miners']);
  });

  it('is in nothing that is kept or told, and nothing of it is left when the module is gone', async () => {
    const told = await Promise.all([
      ...['describe web', 'get modules,revisions,events,secrets -o yaml', 'audit -o json'].map(
        (words) => cli(words.split(' ')),
      ),
      ...(await site.containers()).map(async ({ id }) =>
        JSON.stringify(await docker().getContainer(id).inspect()),
      ),
    ]);
    expect(foundIn([...told, daemon.log()].join('\n'), [FIRST, SECOND])).toEqual([]);
    expect(foundInFiles(site.dataDir, [FIRST, SECOND])).toEqual([]);
    await cli(['delete', 'web', '--wait']);
    await eventually(() => folders().length === 0, 'no file is left');
  });
});
