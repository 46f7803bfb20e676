import { describe, expect, onTestFinished, test } from 'vitest';
import { codeOf } from '../helpers/code-of.js';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';
import { scratchName } from '../../src/docker/names.js';

const STATE = { name: 'state', mountPath: '/state/deep', readOnly: false };

const volumeOf = (world: DockerWorld): string =>
  `registrar-${world.instance.slice(0, 8)}_${world.module}_state`;

/** Runs a script with the volume and resolves to what it printed. */
async function withVolume(
  world: DockerWorld,
  script: string,
  { user, slot = 0 }: { user?: number; slot?: number } = {},
): Promise<string> {
  const securityContext = {
    ...{ readOnlyRootFilesystem: true, addCapabilities: [], writablePaths: [] },
    ...(user !== undefined && { runAsUser: user }),
  };
  const template = { command: ['sh', '-c', script], volumes: [STATE], securityContext };
  const id = await world.run(template, { slot });
  await world.engine.getContainer(id).wait();
  const log = await world.engine.getContainer(id).logs({ stdout: true, stderr: true });
  await world.runtime.remove(id);
  return log.toString('utf8');
}

describe('a named volume', () => {
  test("belongs to the container's user from the start, and keeps its data when that is recreated", async () => {
    const world = await dockerWorld();
    await withVolume(world, 'echo kept > /state/deep/file');
    expect(await withVolume(world, 'cat /state/deep/file; stat -c "%u:%g" /state/deep')).toMatch(
      /kept[^]*65532:65532/,
    );
  });

  test('belongs to runAsUser, also when the image has the folder', async () => {
    const world = await dockerWorld();
    const volumes = [{ ...STATE, mountPath: '/www' }];
    const securityContext = {
      ...{ runAsUser: 4321, readOnlyRootFilesystem: true, addCapabilities: [], writablePaths: [] },
    };
    const command = ['sh', '-c', 'stat -c "%u:%g" /www; ls -A /www; touch /www/x && echo wrote'];
    const id = await world.run({ command, volumes, securityContext });
    await world.engine.getContainer(id).wait();
    const log = (
      await world.engine.getContainer(id).logs({ stdout: true, stderr: true })
    ).toString();
    expect(log).toMatch(/4321:4321/);
    expect(log).toMatch(/wrote/);
    expect(log).not.toMatch(/index\.html/);
  });

  test('with data in it keeps its owner when the user changes', async () => {
    const world = await dockerWorld();
    await withVolume(world, 'echo kept > /state/deep/file');
    const later = await withVolume(world, 'stat -c "%u" /state/deep; touch /state/deep/x', {
      user: 4321,
    });
    expect(later).toMatch(/65532/);
    expect(later).toMatch(/Permission denied/);
  });

  test('is handed over once, however many containers are made at once', async () => {
    const world = await dockerWorld();
    const slots = [0, 1, 2, 3];
    const outputs = await Promise.all(
      slots.map((slot) =>
        withVolume(world, `echo ${slot} > /state/deep/${slot} && echo wrote`, { slot }),
      ),
    );
    expect(outputs.every((output) => output.includes('wrote'))).toBe(true);
    expect(await withVolume(world, 'ls /state/deep')).toMatch(/0\n.*1\n.*2\n.*3\n/s);
  });

  test('that somebody removed is made again and handed over again', async () => {
    const world = await dockerWorld();
    await withVolume(world, 'echo kept > /state/deep/file');
    await world.engine.getVolume(volumeOf(world)).remove();
    expect(await withVolume(world, 'ls /state/deep; touch /state/deep/x && echo wrote')).toMatch(
      /wrote/,
    );
  });

  test('that was made but not handed over, because the engine went away, is handed over later', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld({ dockerHost: proxy.dockerHost });
    proxy.loseAnswerOf(/^GET \S+\/archive/);
    expect(await codeOf(world.make({ volumes: [STATE] }))).toBe('ENGINE_UNAVAILABLE');
    expect(await withVolume(world, 'touch /state/deep/x && echo wrote')).toMatch(/wrote/);
  });

  test('stays when its container is removed, an anonymous one goes', async () => {
    const world = await dockerWorld();
    await withVolume(world, 'true');
    const { Volumes } = await world.engine.listVolumes();
    expect(Volumes.map(({ Name }) => Name)).toContain(volumeOf(world));
  });

  test('of somebody else with the same name is NAME_CONFLICT, and stays as it is', async () => {
    const world = await dockerWorld();
    await world.engine.createVolume({ Name: volumeOf(world), Labels: { mine: 'yes' } });
    onTestFinished(() => world.engine.getVolume(volumeOf(world)).remove());
    expect(await codeOf(world.make({ volumes: [STATE] }))).toBe('NAME_CONFLICT');
    expect(await world.runtime.list()).toEqual([]);
  });

  test('scratch containers that a dead process left are removed by tidy, those of others are not', async () => {
    const world = await dockerWorld();
    const other = await dockerWorld();
    const leave = (instance: string): Promise<{ id: string }> =>
      world.engine.createContainer({
        name: scratchName(instance, 'left'),
        Image: SAMPLE_IMAGE,
        Labels: {
          'registrar.synapsis.network/instance': instance,
          'registrar.synapsis.network/scratch': 'true',
        },
      });
    const ours = await leave(world.instance);
    const theirs = await leave(other.instance);
    expect(await world.runtime.list()).toEqual([]);
    await world.runtime.tidy();
    const left = (await world.engine.listContainers({ all: true })).map(({ Id }) => Id);
    expect(left).not.toContain(ours.id);
    expect(left).toContain(theirs.id);
  });
});
