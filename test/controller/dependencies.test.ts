import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../src/docker/runtime.js';
import type { Module } from '../../src/model/module.js';
import { isReady, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

const needs = (name: string, version?: string) => ({
  dependsOn: [{ name, ...(version === undefined ? {} : { version }) }],
});

const condition = ({ status }: Module, type: string): string => {
  const found = status.conditions.find((one) => one.type === type);
  return found === undefined ? '' : `${found.status} ${found.reason}: ${found.message}`;
};
const says = (loop: Loop, name: string): string =>
  condition(loop.module(name), 'DependenciesReady');
const ready =
  (loop: Loop, ...names: string[]) =>
  () =>
    names.every((name) => isReady(loop.module(name)));
const isGone = (loop: Loop, name: string): boolean =>
  loop.registry.get('Module', name) === undefined;

/** The modules of which a container was made or removed, in order. */
const order = ({ registry }: Loop, reason: 'Created' | 'Removed'): string[] =>
  registry
    .list('Event')
    .items.map(({ object }) => object)
    .filter((event) => event.reason === reason)
    .toSorted((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    .map(({ involvedObject }) => involvedObject.name);

/** `app` needs `api`, which needs `db`, applied in the worst order. */
async function chain(): Promise<Loop> {
  const loop = await startLoop();
  await loop.apply('app', needs('api'));
  await loop.apply('api', needs('db'));
  await loop.apply('db');
  await loop.until(ready(loop, 'app', 'api', 'db'));
  return loop;
}

const suspend = (loop: Loop, name: string, spec = {}): Promise<void> =>
  loop.apply(name, { ...spec, suspend: true });

describe('a module that depends on others', () => {
  it('is started after them, in whatever order they were applied', async () => {
    const loop = await chain();
    expect(order(loop, 'Created')).toEqual(['db', 'api', 'app']);
    expect(says(loop, 'app')).toBe('True AllReady: The module that it needs is ready');
    expect(condition(loop.module('db'), 'DependenciesReady')).toBe('');
  });

  it('is Pending and says what is missing until that is there', async () => {
    const loop = await startLoop();
    await loop.apply('app', needs('db', '^2.1'));
    await loop.until(() => says(loop, 'app').startsWith('False WaitingForDependencies'));
    expect(says(loop, 'app')).toBe('False WaitingForDependencies: module "db": it does not exist');
    expect(loop.module('app').status.phase).toBe('Pending');
    expect(condition(loop.module('app'), 'Ready')).toBe(
      'False WaitingForDependencies: 0 of 1 containers ready: Waiting for module "db": it does not exist',
    );
    await loop.apply('db', { version: '1.9.0' });
    await loop.until(() => says(loop, 'app').includes('version'));
    expect(says(loop, 'app')).toContain('module "db": its version 1.9.0 is not in "^2.1"');
    await loop.advance(120_000);
    expect(order(loop, 'Created')).toEqual(['db']);
    await loop.apply('db', { version: '2.3.0' });
    await loop.until(ready(loop, 'app'));
  });

  it('waits for as long as it takes: no rollout begins, so none is late or failed', async () => {
    const loop = await startLoop();
    await loop.apply('app', needs('base'));
    await loop.until(() => says(loop, 'app') !== '');
    await loop.advance(3_600_000);
    expect(loop.registry.list('Rollout').items).toEqual([]);
    expect(loop.registry.list('Revision').items).toEqual([]);
    expect(loop.module('app').status).toMatchObject({ phase: 'Pending' });
    expect(condition(loop.module('app'), 'Ready')).toContain('WaitingForDependencies');
    await loop.apply('base');
    await loop.until(ready(loop, 'app'));
    const rollouts = loop.registry.list('Rollout').items.map(({ object }) => object.spec.module);
    expect(rollouts.toSorted()).toEqual(['app', 'base']);
  });

  it('waits while what it needs is there and not ready', async () => {
    const loop = await startLoop();
    await suspend(loop, 'db');
    await loop.apply('app', needs('db'));
    await loop.until(() => says(loop, 'app').includes('it is suspended'));
    await loop.apply('db', { image: 'missing:1' });
    await loop.until(() => says(loop, 'app').includes('it is not ready'));
    await loop.advance(60_000);
    expect(order(loop, 'Created')).toEqual([]);
    await loop.apply('db');
    await loop.until(ready(loop, 'app'));
  });

  it('goes on while what it needs fails later, and says so', async () => {
    const loop = await chain();
    const before = loop.module('app').status.containers[0]?.id;
    await suspend(loop, 'db');
    await loop.until(() => says(loop, 'api').startsWith('False'));
    expect(says(loop, 'api')).toBe('False Unmet: module "db": it is suspended');
    await loop.advance(120_000);
    expect(loop.module('api').status).toMatchObject({ phase: 'Running', readyReplicas: 1 });
    expect(says(loop, 'app')).toMatch(/^True/);
    expect(loop.module('app').status.containers[0]?.id).toBe(before);
  });

  it('keeps the old container while what a new one needs is not there', async () => {
    const loop = await chain();
    const before = loop.module('app').status.containers[0]?.id;
    await loop.apply('app', { ...needs('later'), args: ['new'] });
    await loop.until(() => says(loop, 'app').includes('later'));
    await loop.advance(60_000);
    expect(loop.module('app').status.containers).toMatchObject([{ id: before, ready: true }]);
    await loop.apply('later');
    await loop.until(ready(loop, 'app'));
    expect(loop.module('app').status.containers[0]?.id).not.toBe(before);
  });
});

describe('what others need', () => {
  it('is removed after them', async () => {
    const loop = await chain();
    for (const name of ['app', 'api', 'db']) await loop.registry.delete('Module', name);
    await loop.until(() => ['app', 'api', 'db'].every((name) => isGone(loop, name)));
    expect(order(loop, 'Removed')).toEqual(['app', 'api', 'db']);
  });

  it('is stopped after those that are suspended with it', async () => {
    const loop = await chain();
    // One commit: all are due at the same moment.
    await Promise.all([
      suspend(loop, 'db'),
      suspend(loop, 'api', needs('db')),
      suspend(loop, 'app', needs('api')),
    ]);
    await loop.until(() => order(loop, 'Removed').length === 3);
    expect(order(loop, 'Removed')).toEqual(['app', 'api', 'db']);
    await loop.until(() => loop.module('db').status.phase === 'Suspended');
  });

  it('waits for the end of those that need it, and tells so', async () => {
    const loop = await chain();
    const release = loop.runtime.hold('stop');
    await loop.registry.delete('Module', 'app');
    await loop.registry.delete('Module', 'api');
    await loop.until(() => condition(loop.module('api'), 'Progressing').includes('what needs it'));
    expect(condition(loop.module('api'), 'Progressing')).toBe(
      'False WaitingForDependents: Waiting for what needs it: module "app": it stops first',
    );
    release();
    await loop.until(() => isGone(loop, 'api'));
    expect(order(loop, 'Removed')).toEqual(['app', 'api']);
  });

  it('is not deleted while one of them stays', async () => {
    const loop = await chain();
    await expect(loop.registry.delete('Module', 'db')).rejects.toMatchObject({
      code: 'MODULE_NEEDED',
      message:
        'Module "db" is needed by "api": delete what needs it first, or all of it with --cascade',
    });
    await loop.registry.delete('Module', 'db', { evenIfNeeded: true });
    await loop.until(() => isGone(loop, 'db'));
    await loop.until(() => says(loop, 'api').includes('does not exist'));
    expect(loop.module('api').status.phase).toBe('Running');
  });
});

describe('a cycle', () => {
  it('is refused by the write that would close it, and shown', async () => {
    const loop = await startLoop();
    await loop.apply('a', needs('b'));
    await loop.apply('b', needs('c'));
    const write = loop.apply('c', needs('a'));
    await expect(write).rejects.toMatchObject({
      code: 'DEPENDENCY_CYCLE',
      message: expect.stringContaining('c -> a -> b -> c') as string,
    });
    await loop.apply('c');
    await expect(loop.apply('c', needs('a'))).rejects.toMatchObject({ code: 'DEPENDENCY_CYCLE' });
    await loop.until(ready(loop, 'a', 'b', 'c'));
  });
});

describe('the environment', () => {
  const PORTS = [
    { name: 'rpc', containerPort: 9944, hostIp: '127.0.0.1', protocol: 'TCP' as const },
    { name: 'p2p-net', containerPort: 30333, hostIp: '127.0.0.1', protocol: 'TCP' as const },
  ];
  /** What the last container of a module was made with. */
  const environment = ({ runtime }: Loop, name: string): Record<string, string> => {
    const requests = runtime.calls
      .filter(({ method }) => method === 'create')
      .map(({ args }) => args[0] as CreateRequest);
    const env = requests.findLast(({ owner }) => owner.module === name)?.template.env ?? [];
    return Object.fromEntries(env.map((one) => [one.name, one.value ?? '']));
  };
  const idOf = (loop: Loop, name: string): string =>
    loop.module(name).status.containers[0]?.id ?? '';

  it('tells where that is which a module needs, and its own word counts more', async () => {
    const loop = await startLoop();
    await loop.apply('chain-node', { ports: PORTS });
    const env = [{ name: 'CHAIN_NODE_PORT_RPC', value: 'mine' }];
    await loop.apply('app', { ...needs('chain-node'), env });
    await loop.until(ready(loop, 'app'));
    expect(environment(loop, 'app')).toEqual({
      CHAIN_NODE_HOST: 'chain-node',
      CHAIN_NODE_PORT: '9944',
      CHAIN_NODE_PORT_RPC: 'mine',
      CHAIN_NODE_PORT_P2P_NET: '30333',
    });
    expect(loop.module('app').spec.env).toEqual(env);
    expect(environment(loop, 'chain-node')).toEqual({});
  });

  it('of other ports makes other containers, of another version none', async () => {
    const loop = await startLoop();
    await loop.apply('base', { ports: PORTS });
    await loop.apply('app', needs('base'));
    await loop.until(ready(loop, 'app', 'base'));
    const before = idOf(loop, 'app');
    await loop.apply('base', { ports: PORTS, version: '1.1.0' });
    await loop.advance(60_000);
    expect(idOf(loop, 'app')).toBe(before);
    await loop.apply('base', { ports: PORTS.slice(1), version: '1.1.0' });
    await loop.until(() => idOf(loop, 'app') !== before && isReady(loop.module('app')));
    expect(environment(loop, 'app')).toMatchObject({ BASE_PORT: '30333' });
  });

  it('stays as it is when what it tells of is gone', async () => {
    const loop = await startLoop();
    await loop.apply('base', { ports: PORTS });
    await loop.apply('app', needs('base'));
    await loop.until(ready(loop, 'app', 'base'));
    const before = idOf(loop, 'app');
    await loop.registry.delete('Module', 'base', { evenIfNeeded: true });
    await loop.until(() => isGone(loop, 'base'));
    await loop.advance(120_000);
    expect(idOf(loop, 'app')).toBe(before);
    expect(loop.module('app').status.phase).toBe('Running');
  });
});
