import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { expect, onTestFinished, vi } from 'vitest';
import { createDockerRuntime } from '../../src/docker/docker-runtime.js';
import type { DockerRuntimeOptions } from '../../src/docker/docker-runtime.js';
import type { Runtime } from '../../src/docker/runtime.js';
import type { ContainerTemplate } from '../../src/model/revision.js';
import type { Owner } from '../../src/model/owner.js';
import type { Outside } from '../docker/contract.js';
import { SAMPLE_IMAGE, docker, dockerHost, removeInstance } from './engine.js';
import { aRequest } from './requests.js';

const FOREIGN_LABEL = 'registrar.test.foreign';

/** A name that no other test on the engine has. */
export const unique = (prefix: string): string => `${prefix}-${randomBytes(5).toString('hex')}`;

/** A registrar's runtime on the real engine; what it makes is removed after the test. */
export interface DockerWorld {
  readonly instance: string;
  readonly module: string;
  readonly runtime: Runtime;
  readonly engine: Docker;
  readonly imageId: string;
  /** Creates a container of the world's module. */
  make(template?: Partial<ContainerTemplate>, owner?: Partial<Owner>): Promise<string>;
  /** Creates one and starts it. */
  run(template?: Partial<ContainerTemplate>, owner?: Partial<Owner>): Promise<string>;
}

export async function dockerWorld(
  options: Partial<DockerRuntimeOptions> = {},
): Promise<DockerWorld> {
  const instance = options.instanceId ?? randomBytes(16).toString('hex');
  const module = unique('web');
  onTestFinished(() => removeInstance(instance));
  const runtime = createDockerRuntime({
    dockerHost: dockerHost(),
    instanceId: instance,
    ...options,
  });
  const engine = docker();
  const { Id: imageId } = await engine.getImage(SAMPLE_IMAGE).inspect();
  const make: DockerWorld['make'] = (template, owner) =>
    runtime.create(aRequest(imageId, { instance, module, ...owner }, template));
  const run: DockerWorld['run'] = async (template, owner) => {
    const id = await make(template, owner);
    await runtime.start(id);
    return id;
  };
  return { instance, module, runtime, engine, imageId, make, run };
}

/** A person with other tools; the containers they make are removed after the test. */
export function outside(engine = docker()): Outside {
  const get = (id: string): Docker.Container => engine.getContainer(id);
  return {
    addForeign: async (name) => {
      const Labels = { [FOREIGN_LABEL]: 'true' };
      const made = await engine.createContainer({ name, Image: SAMPLE_IMAGE, Labels });
      onTestFinished(() => made.remove({ force: true, v: true }));
      return made.id;
    },
    exists: (id) =>
      get(id)
        .inspect()
        .then(
          () => true,
          () => false,
        ),
    pause: (id) => get(id).pause(),
    kill: async (id) => {
      await get(id).kill();
      await get(id).wait();
    },
    disconnect: async (id) => {
      const { NetworkSettings } = await get(id).inspect();
      const names = Object.keys(NetworkSettings.Networks);
      const leave = { Container: id, Force: true };
      await Promise.all(names.map((name) => engine.getNetwork(name).disconnect(leave)));
    },
    rename: (id, name) => get(id).rename({ name }),
    remove: (id) => get(id).remove({ force: true }),
    updateLimits: (id, { memoryBytes, nanoCpus, pids }) =>
      get(id).update({
        Memory: memoryBytes,
        MemorySwap: memoryBytes,
        NanoCpus: nanoCpus,
        PidsLimit: pids,
      }),
    say: async (id, line) => {
      const Cmd = ['sh', '-c', `echo ${line} > /proc/1/fd/1`];
      const command = await get(id).exec({ Cmd, AttachStdout: true });
      (await command.start({})).resume();
      await vi.waitFor(async () => expect(await command.inspect()).toMatchObject({ ExitCode: 0 }), {
        timeout: 20_000,
      });
    },
  };
}
