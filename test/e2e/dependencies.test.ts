import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aSite, eventually, manifest } from '../helpers/daemon.js';
import type { Site } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { conditionOf, lifeOfModule, modulesOf } from '../helpers/live-modules.js';
import type { Modules, SpecInput } from '../helpers/live-modules.js';
import { nodeImage } from '../helpers/node-image.js';

const needs = (name: string, version?: string): SpecInput => ({
  dependsOn: [{ name, ...(version === undefined ? {} : { version }) }],
});

async function running(): Promise<{ site: Site; modules: Modules }> {
  const site = aSite();
  await site.start();
  return { site, modules: modulesOf(site) };
}

/** Modules in the order in which their containers end from now on. */
async function watchEnds(site: Site): Promise<string[]> {
  const label = [`registrar.synapsis.network/instance=${site.instanceId()}`];
  const filters = JSON.stringify({ label, event: ['die'], type: ['container'] });
  const stream = (await docker().getEvents({ filters })) as unknown as Readable;
  onTestFinished(() => void stream.destroy());
  const ended: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      const { Actor } = JSON.parse(line) as { Actor: { Attributes: Record<string, string> } };
      ended.push(Actor.Attributes['registrar.synapsis.network/module'] ?? '');
    }
  });
  return ended;
}

const says = async (modules: Modules, name: string): Promise<string> =>
  conditionOf(await modules.get(name), 'DependenciesReady')?.message ?? '';

describe('modules that depend on each other', () => {
  it('start in order, stay while they are needed, and go in reverse', async () => {
    const { site, modules } = await running();
    await modules.create('app', needs('api', '^1.0'));
    await modules.create('api', needs('base'));
    await modules.until('app', 'it waits', ({ status }) => status.phase === 'Pending');
    await modules.create('base');
    for (const name of ['base', 'api', 'app']) await modules.untilReady(name);
    const starts = await Promise.all(
      ['base', 'api', 'app'].map(async (name) => (await lifeOfModule(site, name)).startedAt),
    );
    expect(starts).toEqual(starts.toSorted());
    expect((await site.cli(['graph'])).stdout.trimEnd().split('\n')).toEqual([
      'app 1.0.0 Running',
      '└─ api 1.0.0 Running (needs ^1.0)',
      '   └─ base 1.0.0 Running',
    ]);
    const refused = await site.cli(['delete', 'base']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('Module "base" is needed by "api"');
    const ended = await watchEnds(site);
    expect(await site.cli(['delete', 'base', '--cascade', '--timeout=60s'])).toMatchObject({
      code: 0,
    });
    expect(ended).toEqual(['app', 'api', 'base']);
    expect(await site.containers()).toEqual([]);
    const label = [`registrar.synapsis.network/instance=${site.instanceId()}`];
    expect(await docker().listNetworks({ filters: { label } })).toEqual([]);
  });

  it('named in whatever order are deleted together', async () => {
    const { site, modules } = await running();
    await modules.create('base');
    await modules.create('app', needs('base'));
    await modules.untilReady('app');
    const ended = await watchEnds(site);
    const deleted = await site.cli(['delete', 'base', 'app', '--timeout=60s']);
    expect(deleted).toMatchObject({ code: 0, stderr: '' });
    expect(ended).toEqual(['app', 'base']);
  });

  it('wait for what is missing, in the version that they name, and then run', async () => {
    const { modules } = await running();
    await modules.create('app', needs('base', '^2.1'));
    await modules.until(
      'app',
      'it waits',
      (one) => conditionOf(one, 'DependenciesReady') !== undefined,
    );
    expect(await says(modules, 'app')).toBe('module "base": it does not exist');
    await modules.create('base', { version: '1.9.0' });
    await modules.untilReady('base');
    await modules.until('app', 'it sees the version', (one) =>
      (conditionOf(one, 'DependenciesReady')?.message ?? '').includes('1.9.0'),
    );
    expect(await says(modules, 'app')).toBe('module "base": its version 1.9.0 is not in "^2.1"');
    expect((await modules.get('app')).status.containers).toEqual([]);
    await modules.change('base', { version: '2.1.0' });
    await modules.untilReady('app');
  });

  it('cannot wait for each other in a circle, neither through files nor by apply', async () => {
    const site = aSite();
    const dependsOn = (name: string): string => `  dependsOn: [{ name: ${name} }]\n`;
    site.declare('a.yaml', manifest('first', dependsOn('second')));
    site.declare('b.yaml', manifest('second', dependsOn('third')));
    site.declare('c.yaml', manifest('third', dependsOn('first')));
    await site.start();
    const told = async (): Promise<string> => (await site.cli(['config'])).stdout;
    await eventually(async () => (await told()).includes('circle'), 'the circle is told');
    expect(await told()).toContain('third -> first -> second -> third');
    expect(await told()).toContain('c.yaml:1:1');
    const applied = await site.cli(['apply', '-f', '-'], manifest('third', dependsOn('second')));
    expect(applied).toMatchObject({ code: 1 });
    expect(applied.stderr).toContain('third -> second -> third');
    site.declare('c.yaml', manifest('third'));
    const isReady = ['wait', 'module/first', '--for=condition=Ready', '--timeout=30s'];
    await eventually(async () => (await site.cli(isReady)).code === 0, 'all run');
  });
});

interface Tally {
  readonly answers: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
}

/** Follows what a hammering client tells, and resolves once it is so. */
async function hammering(
  containerId: string,
): Promise<(what: string, holds: (tally: Tally) => boolean) => Promise<Tally>> {
  const container = docker().getContainer(containerId);
  const stream = (await container.attach({
    stream: true,
    stdout: true,
    stderr: true,
  })) as unknown as Readable;
  onTestFinished(() => void stream.destroy());
  let tally: Tally = { answers: {}, failures: {} };
  stream.on('data', (chunk: Buffer) => {
    const line = /\{.*\}/.exec(chunk.toString());
    if (line !== null) tally = JSON.parse(line[0]) as Tally;
  });
  await once(stream, 'data');
  return async (what, holds) => {
    await eventually(() => holds(tally), what);
    return tally;
  };
}

describe('a module that needs another', () => {
  it('reaches it by its name, and nobody is refused while it is replaced by start-first', async () => {
    const { site, modules } = await running();
    const image = await nodeImage();
    const port = { name: 'web', containerPort: 8080 };
    const server = (word: string): SpecInput => ({
      ...{ image, command: ['/usr/bin/node', '/server.js', word], ports: [port] },
      strategy: { type: 'RollingUpdate' },
      healthCheck: { http: { path: '/', port: 8080 }, intervalSeconds: 1, timeoutSeconds: 5 },
      resources: { memory: '256Mi' },
    });
    await modules.create('server', server('old'));
    const client = { command: ['/usr/bin/node', '/client.js'], resources: { memory: '256Mi' } };
    await modules.create('client', { image, ...client, ...needs('server') });
    await modules.untilReady('client');
    const until = await hammering((await lifeOfModule(site, 'client')).id);
    await until('the old one answers', ({ answers }) => (answers['old'] ?? 0) > 100);
    const before = await lifeOfModule(site, 'server');
    await modules.change('server', { command: ['/usr/bin/node', '/server.js', 'new'] });
    await until('the new one answers', ({ answers }) => (answers['new'] ?? 0) > 100);
    await modules.untilReady('server');
    expect((await lifeOfModule(site, 'server')).id).not.toBe(before.id);
    const { answers } = await until('the old one is gone', () => true);
    const seen = answers['new'] ?? 0;
    const { failures } = await until(
      'more answers come',
      (one) => (one.answers['new'] ?? 0) > seen + 200,
    );
    expect(failures).toEqual({});
  });

  it('does not reach what it did not say that it needs', async () => {
    const { site, modules } = await running();
    const image = await nodeImage();
    const command = ['/usr/bin/node', '/server.js', 'here'];
    await modules.create('server', {
      image,
      command,
      ports: [{ name: 'web', containerPort: 8080 }],
    });
    await modules.create('friend', needs('server'));
    const env = [
      { name: 'SERVER_HOST', value: 'server' },
      { name: 'SERVER_PORT', value: '8080' },
    ];
    await modules.create('stranger', { image, command: ['/usr/bin/node', '/client.js'], env });
    for (const name of ['server', 'friend', 'stranger']) await modules.untilReady(name);
    const until = await hammering((await lifeOfModule(site, 'stranger')).id);
    const { answers } = await until('it does not find it', ({ failures }) =>
      Object.values(failures).some((count) => count > 3),
    );
    expect(answers).toEqual({});
  });
});
