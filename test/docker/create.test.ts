import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { scratchName } from '../../src/docker/names.js';
import { dockerWorld, outside } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { aRequest, aTemplate } from '../helpers/requests.js';
import { importImage } from '../helpers/test-image.js';

describe('createContainer', () => {
  test('a create whose answer is lost is found again, and there is one container', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld({ dockerHost: proxy.dockerHost });
    proxy.loseAnswerOf(/^POST \S+\/containers\/create/);
    expect(await codeOf(world.make())).toBe('ENGINE_UNAVAILABLE');
    const [made] = await world.runtime.list();
    expect(await world.make()).toBe(made?.id);
    expect(await world.runtime.list()).toHaveLength(1);
  });

  test('a foreign container with the name is named, and left as it is', async () => {
    const world = await dockerWorld();
    const name = `${world.module}-aaaaaaa-0`;
    const foreign = await outside().addForeign(name);
    const before = await world.engine.getContainer(foreign).inspect();
    const message = await messageOf(world.make());
    expect(message).toContain(
      `container ${foreign.slice(0, 12)} of image "registrar-sample/busybox:1"`,
    );
    expect(await world.engine.getContainer(foreign).inspect()).toEqual(before);
  });

  test("a container with our labels in another instance's name is foreign", async () => {
    const first = await dockerWorld();
    const second = await dockerWorld();
    await first.make({}, { module: second.module });
    expect(await codeOf(second.make())).toBe('NAME_CONFLICT');
  });

  test('what the engine finds wrong with a template is INVALID, with its words', async () => {
    const world = await dockerWorld();
    const resources = { ...aTemplate().resources, memory: '1Mi' };
    expect(await codeOf(world.make({ resources }))).toBe('INVALID');
    expect(await messageOf(world.make({ resources }))).toMatch(/Minimum memory limit/);
  });

  test('an image without a command and a template without one is INVALID', async () => {
    const world = await dockerWorld();
    const image = await importImage(world.engine, 'USER 1000');
    const request = aRequest(image, { instance: world.instance, module: world.module });
    const template = { ...request.template, command: [] };
    expect(await codeOf(world.runtime.create({ ...request, template }))).toBe('INVALID');
  });

  test.each([
    ['', '65532:65532'],
    ['USER root', '65532:65532'],
    ['USER 0:0', '65532:65532'],
    ['USER 1234', '1234'],
    ['USER app', '65532:65532'],
    ['USER nobody-knows', '65532:65532'],
  ])('an image with "%s" runs as %s', async (change, user) => {
    const world = await dockerWorld();
    const image = await importImage(world.engine, change);
    const owner = { instance: world.instance, module: world.module };
    const id = await world.runtime.create(aRequest(image, owner));
    expect((await world.engine.getContainer(id).inspect()).Config.User).toBe(user);
  });

  test("a user by name is looked up in the image, also when that name is root's", async () => {
    const world = await dockerWorld();
    const passwd = 'root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nnode:x:1000:1001::/:/bin/sh\n';
    for (const [name, user] of [
      ['node', '1000:1001'],
      ['toor', '65532:65532'],
    ] as const) {
      const image = await importImage(world.engine, `USER ${name}`, { 'etc/passwd': passwd });
      const owner = { instance: world.instance, module: world.module, uid: name };
      const id = await world.runtime.create(aRequest(image, { ...owner, slot: user.length }));
      expect((await world.engine.getContainer(id).inspect()).Config.User).toBe(user);
    }
    const left = await world.engine.listContainers({ all: true });
    expect(left.filter(({ Names }) => Names[0]?.includes(scratchName(world.instance, '')))).toEqual(
      [],
    );
  });

  test('a host folder is mounted at its real path and as read-only as asked', async () => {
    const world = await dockerWorld();
    const folder = await mkdtemp(join(tmpdir(), 'registrar-mount-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real', 'key'), 'content');
    await symlink(join(folder, 'real'), join(folder, 'link'));
    const volume = {
      name: 'wallet',
      mountPath: '/wallet',
      hostPath: join(folder, 'link'),
      readOnly: true,
    };
    const id = await world.run({
      command: ['sh', '-c', 'cat /wallet/key; echo x > /wallet/new'],
      volumes: [volume],
    });
    await world.engine.getContainer(id).wait();
    const { Mounts } = await world.engine.getContainer(id).inspect();
    expect(Mounts).toMatchObject([
      { Source: join(folder, 'real'), RW: false, Propagation: 'rprivate' },
    ]);
    const log = (
      await world.engine.getContainer(id).logs({ stdout: true, stderr: true })
    ).toString();
    expect(log).toMatch(/content/);
    expect(log).toMatch(/Read-only file system/);
  });

  test('a link into the system is HOST_PATH_REFUSED, and nothing is made', async () => {
    const world = await dockerWorld();
    const folder = await mkdtemp(join(tmpdir(), 'registrar-mount-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await symlink('/dev', join(folder, 'link'));
    const volume = {
      name: 'devices',
      mountPath: '/devices',
      hostPath: join(folder, 'link'),
      readOnly: true,
    };
    expect(await codeOf(world.make({ volumes: [volume] }))).toBe('HOST_PATH_REFUSED');
    expect(await world.runtime.list()).toEqual([]);
  });
});
