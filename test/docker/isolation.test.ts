import { describe, expect, test } from 'vitest';
import type { ContainerTemplate } from '../../src/model/revision.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';

/** What a command prints in a new container of the world, and how it ended. */
async function output(
  world: DockerWorld,
  script: string,
  template: Partial<ContainerTemplate> = {},
): Promise<string> {
  const id = await world.run({ command: ['sh', '-c', script], ...template });
  await world.engine.getContainer(id).wait();
  const log = await world.engine.getContainer(id).logs({ stdout: true, stderr: true });
  return log.toString('utf8');
}

describe('a container of a module', () => {
  test('passes section 5 of the CIS Docker benchmark, as the engine tells it', async () => {
    const world = await dockerWorld();
    const ports = [{ name: 'p', containerPort: 80, hostIp: '127.0.0.1', protocol: 'TCP' as const }];
    const id = await world.run({ ports });
    const { Config, HostConfig, NetworkSettings, Image, Mounts } = await world.engine
      .getContainer(id)
      .inspect();
    expect(HostConfig).toMatchObject({
      ...{ CapAdd: null, CapDrop: ['ALL'], Privileged: false, PublishAllPorts: false },
      ...{ NetworkMode: `registrar-${world.instance.slice(0, 8)}`, PidMode: '', UTSMode: '' },
      ...{ IpcMode: 'private', UsernsMode: '', Memory: 2 ** 26, MemorySwap: 2 ** 26 },
      ...{ NanoCpus: 5e8, PidsLimit: 32, ReadonlyRootfs: true, CgroupParent: '' },
      ...{ RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 }, OomScoreAdj: 0 },
      ...{ SecurityOpt: ['no-new-privileges'], PortBindings: {}, VolumesFrom: null, Binds: null },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    });
    const lists = [HostConfig.Devices, HostConfig.DeviceRequests, HostConfig.DeviceCgroupRules];
    expect(lists.flatMap((list) => list ?? [])).toEqual([]);
    expect(Object.keys(NetworkSettings.Networks)).toEqual([HostConfig.NetworkMode]);
    expect(Config.User).toBe('65532:65532');
    expect(Image).toBe(world.imageId);
    expect(Mounts).toEqual([]);
  });

  test('its processes have no capability, cannot gain any, and are filtered by seccomp', async () => {
    const world = await dockerWorld();
    const status = await output(world, 'cat /proc/self/status; id');
    expect(status).toMatch(/CapPrm:\s0+\n/);
    expect(status).toMatch(/CapBnd:\s0+\n/);
    expect(status).toMatch(/NoNewPrivs:\s1\n/);
    expect(status).toMatch(/Seccomp:\s2\n/);
    expect(status).toMatch(/uid=65532\S* gid=65532/);
  });

  test('it can write to /tmp and the writable paths, run nothing from there, and write nowhere else', async () => {
    const world = await dockerWorld();
    const id = await world.run({
      command: [
        ...['sh', '-c'],
        // It ends well, or the engine would start it again before its log is read.
        'for d in / /bin /tmp /run/app; do echo "echo ran" > $d/f && echo wrote $d; sh -c $d/f; chmod +x $d/f; $d/f; done; exit 0',
      ],
      securityContext: {
        ...{ readOnlyRootFilesystem: true, addCapabilities: [], writablePaths: ['/run/app'] },
      },
    });
    await world.engine.getContainer(id).wait();
    const log = (
      await world.engine.getContainer(id).logs({ stdout: true, stderr: true })
    ).toString();
    expect([...log.matchAll(/wrote (\S+)/g)].map(([, path]) => path)).toEqual(['/tmp', '/run/app']);
    expect(log).not.toMatch(/ran$/m);
    expect(log).toMatch(/Permission denied/);
  });

  test('a folder in memory is full at 64 MiB', async () => {
    const world = await dockerWorld();
    const id = await world.run({
      command: ['sh', '-c', 'dd if=/dev/zero of=/tmp/f bs=1M count=65; wc -c /tmp/f'],
      resources: { memory: '256Mi', cpus: '1', pids: 32, gpus: [] },
    });
    await world.engine.getContainer(id).wait();
    const log = (
      await world.engine.getContainer(id).logs({ stdout: true, stderr: true })
    ).toString();
    expect(log).toContain('No space left on device');
    expect(log).toContain('67108864 /tmp/f');
  });

  test('runAsUser is user and group of the process', async () => {
    const world = await dockerWorld();
    const id = await world.run({
      command: ['id'],
      securityContext: {
        ...{
          runAsUser: 4321,
          readOnlyRootFilesystem: true,
          addCapabilities: [],
          writablePaths: [],
        },
      },
    });
    await world.engine.getContainer(id).wait();
    const log = (await world.engine.getContainer(id).logs({ stdout: true })).toString();
    expect(log).toMatch(/uid=4321 gid=4321/);
  });

  test.each([
    [0, /CapEff:\s0{12}1000\n/],
    [4321, /CapEff:\s0{16}\n/],
  ])('user %i has what it should of an admitted capability', async (runAsUser, effective) => {
    const securityContext = {
      ...{ runAsUser, readOnlyRootFilesystem: true, writablePaths: [] },
      addCapabilities: ['NET_ADMIN' as const],
    };
    const script = 'cat /proc/self/status; id -u';
    const status = await output(await dockerWorld(), script, { securityContext });
    expect(status).toMatch(effective);
    expect(status).toMatch(/NoNewPrivs:\s1\n/);
  });

  test.each([
    [true, 'Read-only file system'],
    [false, 'wrote'],
  ])('a root that is read-only: %s can be written accordingly', async (isReadOnly, expected) => {
    const securityContext = {
      ...{ runAsUser: 0, readOnlyRootFilesystem: isReadOnly, addCapabilities: [] },
      writablePaths: [],
    };
    const script = 'echo x > /new && echo wrote; exit 0';
    expect(await output(await dockerWorld(), script, { securityContext })).toContain(expected);
  });
});
