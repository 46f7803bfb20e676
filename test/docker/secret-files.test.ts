import { chmodSync, existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CreateRequest } from '../../src/docker/runtime.js';
import type { SecretFile } from '../../src/model/secret.js';
import type { Volume } from '../../src/model/volumes.js';
import { foundIn } from '../helpers/canaries.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { dockerHost } from '../helpers/engine.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { memoryFolder } from '../helpers/memory-folder.js';
import { aRequest } from '../helpers/requests.js';
import { mountSmallDisk, whyNoDisk } from '../helpers/small-disk.js';
import { tempFolder } from '../helpers/temp-folder.js';

const noDisk = whyNoDisk();

const VALUE = 'canary-file-0d4be1f7';

const volume = (name: string, mountPath: string): Volume => ({
  ...{ name, mountPath, readOnly: false },
  secret: { secretName: name, defaultMode: '0400' },
});

const file = (path: string, text = VALUE, mode = 0o400): SecretFile => ({
  ...{ volume: 'keys', path, mode, bytes: Buffer.from(text) },
});

const KEYS = volume('keys', '/run/secrets/keys');

/** A request of a world's module with files of Secrets. */
function asks(
  { imageId, instance, module }: Pick<DockerWorld, 'imageId' | 'instance' | 'module'>,
  files: readonly SecretFile[],
  template: Partial<CreateRequest['template']> = {},
  slot = 0,
): CreateRequest {
  const request = aRequest(imageId, { instance, module, slot }, { volumes: [KEYS], ...template });
  return { ...request, files };
}

/** Runs a script in a container of its own, and resolves to what it printed. */
async function prints(
  world: DockerWorld,
  script: string,
  files: readonly SecretFile[],
  template: Partial<CreateRequest['template']> = {},
): Promise<string> {
  const command = ['sh', '-c', script];
  const id = await world.runtime.create(asks(world, files, { command, ...template }));
  await world.runtime.start(id);
  await world.engine.getContainer(id).wait();
  const log = await world.engine.getContainer(id).logs({ stdout: true, stderr: true });
  await world.runtime.remove(id);
  return log.toString('utf8').replaceAll(/[^\n\x20-\x7e]/g, '');
}

/** Folders of containers in a folder for files of Secrets. */
const foldersIn = (secretsDir: string): string[] =>
  readdirSync(secretsDir).flatMap((root) =>
    readdirSync(join(secretsDir, root)).map((name) => join(secretsDir, root, name)),
  );

async function worldWithFiles(): Promise<DockerWorld & { secretsDir: string }> {
  const secretsDir = memoryFolder();
  return { ...(await dockerWorld({ secretsDir })), secretsDir };
}

describe('files of Secrets in a container', () => {
  test("are there when it starts, the user's, read-only, with the modes that were asked for", async () => {
    const world = await worldWithFiles();
    const files = [file('api'), file('tls/key.pem', 'x', 0o440), file('empty', '')];
    const script = [
      'cd /run/secrets/keys; cat api; echo',
      'stat -c "%n %a %u:%g %s" api tls tls/key.pem empty',
      'for do in "touch new" "rm -f api" "chmod 600 api"; do $do 2>/dev/null && echo "did $do"; done',
    ].join('; ');
    const printed = await prints(world, script, files);
    expect(printed).toContain(VALUE);
    expect(printed).toMatch(/api 400 65532:65532 20\n.*tls 755 \d+:\d+ .*\n.*tls\/key\.pem 440/);
    expect(printed).toMatch(/empty 400 65532:65532 0/);
    expect(printed).not.toContain('did');
  });

  test('belong to runAsUser, also one with a large number', async () => {
    const world = await worldWithFiles();
    const securityContext = {
      ...{ readOnlyRootFilesystem: true, addCapabilities: [], writablePaths: [] },
      runAsUser: 2_147_483_647,
    };
    const script = 'cat /run/secrets/keys/api; stat -c " %u" /run/secrets/keys/api';
    expect(await prints(world, script, [file('api')], { securityContext })).toContain(
      `${VALUE} 2147483647`,
    );
  });

  test('are for one container each, and in nothing that the engine tells', async () => {
    const world = await worldWithFiles();
    const volumes = [KEYS, volume('none', '/run/secrets/none')];
    const template = { command: ['ls', '-A', '/run/secrets/none'], volumes };
    const ids = await Promise.all(
      [0, 1].map((slot) => world.runtime.create(asks(world, [file('api')], template, slot))),
    );
    const [one, other] = await Promise.all(
      ids.map((id) => world.engine.getContainer(id).inspect()),
    );
    expect(one?.Mounts[0]?.Source).not.toBe(other?.Mounts[0]?.Source);
    expect(foldersIn(world.secretsDir)).toHaveLength(2);
    const told = JSON.stringify([one, await world.engine.getImage(world.imageId).history()]);
    expect(foundIn(told, [VALUE])).toEqual([]);
    for (const id of ids) await world.runtime.start(id);
    await Promise.all(ids.map((id) => world.engine.getContainer(id).wait()));
    const log = await world.engine.getContainer(ids[0] ?? '').logs({ stdout: true, stderr: true });
    expect(log.toString()).toBe('');
  });

  test('are there for the command of a gate, too, and gone after it', async () => {
    const world = await worldWithFiles();
    const { template, imageId, secrets, files, uses } = asks(world, [file('api')]);
    const command = ['sh', '-c', 'cat /run/secrets/keys/api'];
    const gate = { template, imageId, secrets, files, uses, module: world.module, command };
    const end = await world.runtime.runGate(
      { ...gate, timeoutMs: 30_000 },
      new AbortController().signal,
    );
    expect(end).toEqual({ exitCode: 0, oomKilled: false, log: `${VALUE}\n` });
    await world.runtime.list();
    expect(foldersIn(world.secretsDir)).toEqual([]);
  });
});

describe('the folder of a container', () => {
  test('is kept while there is the container, and removed with it', async () => {
    const world = await worldWithFiles();
    const id = await world.runtime.create(asks(world, [file('api')]));
    await world.runtime.start(id);
    const [folder = ''] = foldersIn(world.secretsDir);
    await world.runtime.list();
    await world.runtime.tidy();
    await world.runtime.stop(id, 0);
    await world.runtime.list();
    expect(existsSync(join(folder, '0', 'api'))).toBe(true);
    await world.runtime.remove(id);
    await world.runtime.list();
    expect(foldersIn(world.secretsDir)).toEqual([]);
  });

  test('that a process which died left behind is removed by the next, those of others are not', async () => {
    const secretsDir = memoryFolder();
    const proxy = await engineProxy();
    const dead = await dockerWorld({ secretsDir, dockerHost: proxy.dockerHost });
    const other = await dockerWorld({ secretsDir });
    await other.runtime.create(asks(other, [file('api')]));
    const reached = proxy.holdNext(/^POST \S+\/containers\/create\?name=web/, 'request');
    const made = codeOf(dead.runtime.create(asks(dead, [file('api')])));
    await reached;
    await proxy.cut();
    expect(await made).toBe('ENGINE_UNAVAILABLE');
    expect(foldersIn(secretsDir)).toHaveLength(2);
    const next = await dockerWorld({ secretsDir, instanceId: dead.instance });
    await next.runtime.list();
    const [kept = '', ...others] = foldersIn(secretsDir);
    expect(others).toEqual([]);
    expect(kept).toContain(other.instance);
  });

  test('that is gone is told, and a container without it is not started', async () => {
    const world = await worldWithFiles();
    const id = await world.runtime.create(asks(world, [file('api')]));
    expect(await world.runtime.inspect(id)).not.toHaveProperty('lostFiles');
    rmSync(foldersIn(world.secretsDir)[0] ?? '', { recursive: true });
    expect(await world.runtime.inspect(id)).toHaveProperty('lostFiles', true);
    expect(await codeOf(world.runtime.start(id))).toBe('START_FAILED');
    expect(foldersIn(world.secretsDir)).toEqual([]);
  });

  test('of a container whose making was not answered is the one that it has', async () => {
    const secretsDir = memoryFolder();
    const proxy = await engineProxy();
    const world = await dockerWorld({ secretsDir, dockerHost: proxy.dockerHost });
    const command = ['cat', '/run/secrets/keys/api'];
    const request = asks(world, [file('api')], { command });
    proxy.loseAnswerOf(/^POST \S+\/containers\/create\?name=web/);
    expect(await codeOf(world.runtime.create(request))).toBe('ENGINE_UNAVAILABLE');
    const id = await world.runtime.create(request);
    expect(foldersIn(secretsDir)).toHaveLength(2);
    await world.runtime.list();
    expect(foldersIn(secretsDir)).toHaveLength(1);
    await world.runtime.start(id);
    await world.engine.getContainer(id).wait();
    const log = await world.engine.getContainer(id).logs({ stdout: true });
    expect(log.toString()).toContain(VALUE);
  });
});

describe('files of Secrets are refused', () => {
  const refusal = async (secretsDir: string, host?: string): Promise<string> => {
    const world = await dockerWorld({
      secretsDir,
      ...(host !== undefined && { dockerHost: host }),
    });
    const request = asks(world, [file('api')]);
    const { refusals } = await world.runtime.survey(request);
    expect(await codeOf(world.runtime.create(request))).toBe('SECRET_FILES_UNAVAILABLE');
    expect(await world.runtime.list()).toEqual([]);
    return refusals.map(({ message }) => message).join();
  };

  test('on a disk', async () => {
    const folder = tempFolder();
    expect(await refusal(folder)).toContain('it is not on a file system in memory');
    expect(foldersIn(folder)).toEqual([]);
  });

  test('where others may write, and where a link leads', async () => {
    const folder = memoryFolder();
    chmodSync(folder, 0o777);
    expect(await refusal(folder)).toContain('others may write to it');
    const link = join(memoryFolder(), 'link');
    symlinkSync(memoryFolder(), link);
    expect(await refusal(link)).toContain('it is no folder');
  });

  test('on a host that may be another one', async () => {
    const socket = dockerHost().slice('unix://'.length);
    const relay = createServer((client) => void client.pipe(connect(socket)).pipe(client));
    relay.listen(0, '127.0.0.1');
    onTestFinished(() => void relay.close());
    await once(relay, 'listening');
    const { port } = relay.address() as AddressInfo;
    const told = await refusal(memoryFolder(), `tcp://127.0.0.1:${port}`);
    expect(told).toContain('on another host');
  });

  test.skipIf(noDisk !== undefined)(`where there is no room ${noDisk ?? ''}`, async () => {
    const { path } = mountSmallDisk('256k');
    const world = await dockerWorld({ secretsDir: path });
    // What a mount has is everybody's.
    chmodSync(path, 0o700);
    const request = asks(world, [file('large', 'x'.repeat(300_000))]);
    const message = await messageOf(world.runtime.create(request));
    expect(message).toContain(`"${path}": there is no room in it`);
  });

  test('outside of the volume', async () => {
    const world = await worldWithFiles();
    for (const path of ['../api', 'a/../../api', '/api', 'a//b', '.', '']) {
      expect(await codeOf(world.runtime.create(asks(world, [file(path)])))).toBe('FORBIDDEN');
    }
  });

  test('to a module that asks for them as a folder of the host', async () => {
    const world = await worldWithFiles();
    await world.runtime.create(asks(world, [file('api')]));
    const [folder = ''] = foldersIn(world.secretsDir);
    for (const hostPath of [folder, world.secretsDir, '/dev/shm']) {
      const volumes = [{ name: 'theirs', mountPath: '/theirs', hostPath, readOnly: true }];
      expect(await codeOf(world.make({ volumes }, { slot: 1 }))).toBe('HOST_PATH_REFUSED');
    }
  });
});
