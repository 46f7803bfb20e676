import { describe, expect, it } from 'vitest';
import { RegistrarError } from '../../src/model/errors.js';
import type { ModuleSpec } from '../../src/model/module.js';
import { aTemplate } from '../helpers/requests.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

const MIB = 1024 ** 2;

const onPort = (hostPort: number): Partial<ModuleSpec> => ({
  ports: [{ name: 'axon', containerPort: 80, hostIp: '127.0.0.1', protocol: 'TCP', hostPort }],
});
const withGpu = (...gpus: string[]): Partial<ModuleSpec> => ({
  resources: { ...aTemplate().resources, gpus },
});
const mounting = (name: string): Partial<ModuleSpec> => ({
  volumes: [{ name, mountPath: '/state', readOnly: false }],
});

const messageOf = (loop: Loop, name: string): string =>
  loop.module(name).status.conditions.find(({ type }) => type === 'Ready')?.message ?? '';

const containersOf = (loop: Loop, name: string) =>
  [...loop.runtime.engine.containers.values()].filter(({ owner }) => owner.module === name);

/** A container that is not Registrar's and has a port. */
function foreignOn(loop: Loop, port: number): string {
  const foreign = loop.runtime.engine.add('nginx');
  foreign.ports = [{ ip: '0.0.0.0', port, protocol: 'TCP' }];
  loop.runtime.engine.start(foreign.id);
  return foreign.id;
}

describe('before containers are made', () => {
  it('a port that a foreign container has is told, and taken once it is free', async () => {
    const loop = await startLoop();
    const foreign = foreignOn(loop, 8091);
    await loop.apply('web', onPort(8091));
    await loop.until(() => readyReason(loop.module('web')) === 'PortConflict');
    expect(messageOf(loop, 'web')).toMatch(
      /container "nginx" \([0-9a-f]{12}\), which is not Registrar's/,
    );
    expect(loop.module('web').status).toMatchObject({ phase: 'Failed', replicas: 0 });
    expect(loop.runtime.count('create')).toBe(0);
    loop.runtime.engine.remove(foreign);
    await loop.until(() => isReady(loop.module('web')));
  });

  it('what runs is neither touched nor left alone when it ends, whatever the new one lacks', async () => {
    const loop = await startLoop();
    await loop.apply('web');
    await loop.until(() => isReady(loop.module('web')));
    const [before] = containersOf(loop, 'web');
    foreignOn(loop, 8091);
    await loop.apply('web', onPort(8091));
    await loop.until(() => readyReason(loop.module('web')) === 'PortConflict');
    expect(loop.module('web').status).toMatchObject({ phase: 'Degraded', readyReplicas: 1 });
    expect(containersOf(loop, 'web')).toEqual([before]);
    loop.runtime.engine.crash(before?.id ?? '', 1);
    await loop.until(() => containersOf(loop, 'web')[0]?.state === 'running');
    expect(containersOf(loop, 'web').map(({ id }) => id)).toEqual([before?.id]);
  });

  it('the port of the container that makes way is no obstacle', async () => {
    const loop = await startLoop();
    await loop.apply('web', onPort(8091));
    await loop.until(() => isReady(loop.module('web')));
    const [before] = containersOf(loop, 'web');
    await loop.apply('web', { ...onPort(8091), env: [{ name: 'A', value: 'b' }] });
    await loop.until(() => isReady(loop.module('web')));
    const after = containersOf(loop, 'web');
    expect(after).toHaveLength(1);
    expect(after[0]?.id).not.toBe(before?.id);
  });

  it('of two modules that ask for one port the older has it, also when both come at once', async () => {
    const loop = await startLoop();
    await Promise.all([loop.apply('one', onPort(8091)), loop.apply('two', onPort(8091))]);
    await loop.until(() => readyReason(loop.module('two')) === 'PortConflict');
    await loop.until(() => isReady(loop.module('one')));
    await loop.until(() => messageOf(loop, 'two').includes('module "one" (slot 0'));
    expect(containersOf(loop, 'two')).toEqual([]);
    await loop.apply('one', onPort(8092));
    await loop.until(() => isReady(loop.module('two')));
  });

  it('whoever has a port keeps it when an older module asks for it', async () => {
    const loop = await startLoop();
    await loop.apply('older');
    await loop.until(() => isReady(loop.module('older')));
    await loop.advance(5_000);
    await loop.apply('newer', onPort(8091));
    await loop.until(() => isReady(loop.module('newer')));
    await loop.apply('older', onPort(8091));
    await loop.until(() => readyReason(loop.module('older')) === 'PortConflict');
    await loop.apply('newer', { ...onPort(8091), env: [{ name: 'A', value: 'b' }] });
    await loop.until(() => isReady(loop.module('newer')));
    expect(readyReason(loop.module('older'))).toBe('PortConflict');
  });

  it('a module that is suspended asks for nothing', async () => {
    const loop = await startLoop();
    await loop.apply('one', { ...onPort(8091), suspend: true });
    await loop.apply('two', onPort(8091));
    await loop.until(() => isReady(loop.module('two')));
  });

  it('a GPU is of one module only', async () => {
    const loop = await startLoop();
    await loop.apply('one', withGpu('GPU-1', 'GPU-2'));
    await loop.until(() => isReady(loop.module('one')));
    await loop.apply('two', withGpu('GPU-2'));
    await loop.until(() => readyReason(loop.module('two')) === 'GpuConflict');
    expect(messageOf(loop, 'two')).toContain('GPU GPU-2 is taken by module "one" (slot 0');
    await loop.apply('one', withGpu('GPU-1'));
    await loop.until(() => isReady(loop.module('two')));
  });

  it('a container larger than the host is given up until the spec changes', async () => {
    const loop = await startLoop();
    loop.runtime.engine.memoryBytes = 256 * MIB;
    await loop.apply('web', { resources: { ...aTemplate().resources, memory: '257Mi' } });
    await loop.until(() => readyReason(loop.module('web')) === 'MemoryTooLarge');
    expect(loop.module('web').status.conditions).toContainEqual(
      expect.objectContaining({ type: 'Stalled', status: 'True', reason: 'MemoryTooLarge' }),
    );
    await loop.apply('web', { resources: { ...aTemplate().resources, memory: '256Mi' } });
    await loop.until(() => isReady(loop.module('web')));
  });

  it('more memory for all than there is, is told and runs', async () => {
    const loop = await startLoop();
    loop.runtime.engine.memoryBytes = 700 * MIB;
    await loop.apply('one');
    await loop.apply('two');
    await loop.until(() => isReady(loop.module('one')) && isReady(loop.module('two')));
    const events = loop.registry.list('Event').items.map(({ object }) => object.reason);
    expect(events).toContain('MemoryOvercommitted');
  });

  it('several obstacles are told together', async () => {
    const loop = await startLoop();
    foreignOn(loop, 8091);
    const refusal = new RegistrarError('HOST_PATH_REFUSED', 'Cannot mount it');
    loop.runtime.engine.refusals.set('state', refusal);
    await loop.apply('web', { ...onPort(8091), ...mounting('state') });
    await loop.until(() => readyReason(loop.module('web')) === 'PreflightFailed');
    expect(messageOf(loop, 'web')).toMatch(/Port 127.0.0.1:8091 .*; Cannot mount it$/);
    loop.runtime.engine.refusals.clear();
    await loop.until(() => readyReason(loop.module('web')) === 'PortConflict');
  });

  it('a disk below the floor stops what is new', async () => {
    const disk = { dataDir: '/', floorBytes: 1024 };
    const loop = await startLoop({ options: { disk } });
    const room = { folder: '/engine', freeBytes: 1023, totalBytes: 1024 * MIB };
    loop.runtime.engine.room = room;
    loop.runtime.engine.publish('pulled:1');
    await loop.apply('web');
    await loop.apply('pulled', { image: 'pulled:1' });
    await loop.until(() => readyReason(loop.module('web')) === 'DiskLow');
    await loop.until(() => readyReason(loop.module('pulled')) === 'DiskLow');
    expect([loop.runtime.count('create'), loop.runtime.count('pullImage')]).toEqual([0, 0]);
    loop.runtime.engine.room = { ...room, freeBytes: 1024 };
    await loop.until(() => isReady(loop.module('web')) && isReady(loop.module('pulled')));
  });

  it('an engine that does not answer is waited for, and nothing is done', async () => {
    const loop = await startLoop();
    loop.runtime.failNext('survey', new RegistrarError('ENGINE_TIMEOUT', 'Too slow'));
    await loop.apply('web');
    await loop.until(() => isReady(loop.module('web')));
    expect(loop.runtime.count('survey')).toBe(2);
    expect(containersOf(loop, 'web')).toHaveLength(1);
  });

  it('nothing is looked at when nothing is made, and nothing is written while nothing changes', async () => {
    const loop = await startLoop();
    foreignOn(loop, 8091);
    await loop.apply('well');
    await loop.apply('web', onPort(8091));
    await loop.until(() => isReady(loop.module('well')));
    await loop.until(() => readyReason(loop.module('web')) === 'PortConflict');
    const { resourceVersion } = loop.module('web').metadata;
    const surveys = loop.runtime.calls.filter(
      ({ method, args: [request] }) =>
        method === 'survey' && JSON.stringify(request).includes('"module":"well"'),
    );
    await loop.advance(120_000);
    expect(surveys).toHaveLength(1);
    expect(loop.module('web').metadata.resourceVersion).toBe(resourceVersion);
  });
});

it('a container that lost its GPU is made anew, once in a while', async () => {
  const loop = await startLoop();
  const { engine } = loop.runtime;
  let isLost = false;
  engine.programs.set('nvidia-smi', async ({ write }) => {
    await write('stdout', isLost ? 'No devices found.\n' : 'GPU 0: A100 (UUID: GPU-1)\n');
    return 0;
  });
  await loop.apply('web', withGpu('GPU-1'));
  await loop.until(() => isReady(loop.module('web')));
  const [first] = containersOf(loop, 'web');
  await loop.advance(180_000);
  expect(containersOf(loop, 'web')[0]?.id).toBe(first?.id);
  isLost = true;
  await loop.until(() => containersOf(loop, 'web')[0]?.id !== first?.id);
  await loop.until(() => isReady(loop.module('web')));
  const messages = loop.registry.list('Event').items.map(({ object }) => object.message);
  expect(messages).toContainEqual(expect.stringContaining('it lost GPU GPU-1'));
  const [second] = containersOf(loop, 'web');
  await loop.advance(400_000);
  expect(containersOf(loop, 'web')[0]?.id).toBe(second?.id);
  await loop.until(() => containersOf(loop, 'web')[0]?.id !== second?.id);
});
