import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { HostPaths } from '../../src/docker/host-path.js';
import { codeOf, messageOf } from '../helpers/code-of.js';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'registrar-host-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['wallet', 'engine', 'engine-data', 'registrar', 'registrar/inner']) {
    await mkdir(join(folder, name));
  }
  await writeFile(join(folder, 'file'), '');
});

const about = {
  facts: async () => ({
    ...{
      id: 'id',
      dataRoot: join(folder, 'engine-data'),
      memoryBytes: 0,
      unlimited: new Set<never>(),
    },
  }),
};

const hostPaths = (dockerHost = `unix://${folder}/engine/docker.sock`): HostPaths =>
  new HostPaths(dockerHost, about, [join(folder, 'registrar')]);

describe('HostPaths', () => {
  test('resolves a folder, through links, to its real path', async () => {
    await symlink(join(folder, 'wallet'), join(folder, 'link'));
    const real = join(folder, 'wallet');
    expect(await hostPaths().resolve(real)).toBe(real);
    expect(await hostPaths().resolve(join(folder, 'link'))).toBe(real);
    expect(await hostPaths().resolve(`${folder}/registrar/../wallet/.`)).toBe(real);
  });

  test('a link that leads into the system is refused', async () => {
    await symlink('/proc/self', join(folder, 'escape'));
    const refused = hostPaths().resolve(join(folder, 'escape'));
    expect(await messageOf(refused)).toMatch(/it is a part of the system$/);
    expect(await codeOf(hostPaths().resolve(join(folder, 'escape')))).toBe('HOST_PATH_REFUSED');
  });

  test('which other folders modules may have is for the policy to say', async () => {
    expect(await hostPaths().resolve('/etc')).toBe('/etc');
  });

  test.each(['/', '/proc', '/sys/kernel', '/dev', '/tmp', '/tmp/', '/etc/..', '/tmpfoo'])(
    '%s is refused',
    async (path) => {
      expect(await codeOf(hostPaths().resolve(path))).toBe('HOST_PATH_REFUSED');
    },
  );

  test('what does not exist, and what is no folder, is refused with the reason', async () => {
    expect(await messageOf(hostPaths().resolve(join(folder, 'none')))).toMatch(/does not exist/);
    expect(await messageOf(hostPaths().resolve(join(folder, 'file')))).toMatch(/is not a folder/);
    expect(await codeOf(hostPaths().resolve(`${folder}\u0000/wallet`))).toBe('HOST_PATH_REFUSED');
  });

  test('what cannot be looked at is not said to be missing', async () => {
    await symlink('round', join(folder, 'round'));
    const message = await messageOf(hostPaths().resolve(join(folder, 'round')));
    expect(message).toMatch(/cannot look at it \(ELOOP\); check its path and permissions$/);
  });

  test.each(['engine', 'engine-data', 'registrar', 'registrar/inner', '.'])(
    'folder "%s" with the socket, the data of the engine or our own in or around it is refused',
    async (name) => {
      const refused = hostPaths().resolve(join(folder, name));
      expect(await messageOf(refused)).toMatch(/holds data of the engine or of Registrar/);
    },
  );

  test('an engine on another host is not asked for folders of this one', async () => {
    const remote = hostPaths('tcp://127.0.0.1:2375');
    expect(await messageOf(remote.resolve(join(folder, 'wallet')))).toMatch(/on another host/);
  });
});
