import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { ANY_REGISTRY, aSite } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { conditionOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);
let others: Bystanders;

beforeAll(async () => {
  site.declare('policy.yaml', ANY_REGISTRY);
  await site.start();
  others = await bystanders(site, modules);
});
afterEach(async () => expect(await others.look()).toEqual(others.unharmed));
afterAll(() => others.remove());

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const port = (hostPort: number) => ({ ports: [{ name: 'axon', containerPort: 80, hostPort }] });
const shell = (script: string) => ({ command: ['sh', '-c', script] });

describe.concurrent('a module', () => {
  it('that ignores SIGTERM is replaced and deleted all the same', async () => {
    const name = nameOf('deaf');
    const deaf = (word: string) => shell(`trap "" TERM; echo ${word}; while :; do sleep 1; done`);
    await modules.create(name, deaf('one'));
    await modules.untilReady(name);
    const before = await lifeOfModule(site, name);
    await modules.change(name, deaf('two'));
    await modules.untilReady(name);
    expect((await lifeOfModule(site, name)).id).not.toBe(before.id);
    expect(await site.cli(['delete', name, '--timeout=50s'])).toMatchObject({ code: 0 });
    expect((await site.containers()).filter(({ module }) => module === name)).toEqual([]);
  });

  it('whose host port a process has says so, and comes up once it is free', async () => {
    const server = createServer();
    const taken = await listening(server);
    const name = nameOf('port');
    await modules.create(name, port(taken));
    const { status } = await modules.until(
      name,
      'the port is reported',
      (module) => conditionOf(module, 'Ready')?.reason === 'PortConflict',
    );
    expect(status.phase).toBe('Failed');
    expect(status.conditions.find(({ type }) => type === 'Ready')?.message).toContain(
      `127.0.0.1:${taken}`,
    );
    await modules.untilEvents(name, 'PortConflict');
    server.close();
    expect((await modules.untilReady(name)).status).toMatchObject({ phase: 'Running' });
  });

  it('whose host port another module has says so, and comes up once that is gone', async () => {
    const server = createServer();
    const free = await listening(server);
    server.close();
    const [first, second] = [nameOf('holder'), nameOf('port')];
    await modules.create(first, port(free));
    await modules.untilReady(first);
    await modules.create(second, port(free));
    const { status } = await modules.until(
      second,
      'the port is reported',
      (module) => conditionOf(module, 'Ready')?.reason === 'PortConflict',
    );
    expect(status).toMatchObject({ phase: 'Failed', readyReplicas: 0 });
    expect(await site.cli(['delete', first])).toMatchObject({ code: 0 });
    await modules.untilReady(second);
  });

  it('with an image that the registry does not have says so, and runs what it ran', async () => {
    const registry = createHttpServer((request, response) => {
      const missing = request.url !== '/v2/';
      const errors = [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }];
      response.setHeader('content-type', 'application/json').statusCode = missing ? 404 : 200;
      response.end(JSON.stringify(missing ? { errors } : {}));
    });
    const at = await listening(registry);
    const name = nameOf('image');
    await modules.create(name);
    await modules.untilReady(name);
    const before = await lifeOfModule(site, name);
    await modules.change(name, { image: `127.0.0.1:${at}/none:1` });
    const { status } = await modules.until(
      name,
      'the image is reported',
      (module) => conditionOf(module, 'ImageReady')?.reason === 'ImageNotFound',
    );
    registry.close();
    expect(status).toMatchObject({ phase: 'Degraded', readyReplicas: 1, observedGeneration: 2 });
    await modules.untilEvents(name, 'ImageNotFound');
    expect(await lifeOfModule(site, name)).toEqual(before);
    await modules.change(name, { image: SAMPLE_IMAGE });
    await modules.untilReady(name);
    expect(await lifeOfModule(site, name)).toEqual(before);
  });

  it('with an image of a registry that is away says so, and comes up with another', async () => {
    const name = nameOf('image');
    await modules.create(name, { image: '127.0.0.1:1/none:1' });
    const { status } = await modules.until(
      name,
      'the image is reported',
      (module) => conditionOf(module, 'ImageReady')?.reason === 'ImagePullFailed',
    );
    expect(status).toMatchObject({ phase: 'Failed', replicas: 0, containers: [] });
    await modules.change(name, { image: SAMPLE_IMAGE });
    await modules.untilReady(name);
  });

  it('with a command that does not exist says so, and comes up with another', async () => {
    const name = nameOf('command');
    await modules.create(name, { command: ['no-such-program'] });
    const { status } = await modules.until(
      name,
      'the command is reported',
      (module) => conditionOf(module, 'Ready')?.reason === 'StartFailed',
    );
    expect(status).toMatchObject({
      phase: 'Failed',
      containers: [{ state: 'created', ready: false, lastExit: { reason: 'StartFailed' } }],
    });
    expect(status.conditions.find(({ type }) => type === 'Ready')?.message).toMatch(
      /"no-such-program": executable file not found/,
    );
    await modules.change(name, { command: [] });
    await modules.untilReady(name);
  });

  it.each([
    { code: 0, reason: 'Completed' },
    { code: 3, reason: 'Error' },
  ])(
    'that exits with $code at once says so, and comes up when mended',
    async ({ code, reason }) => {
      const name = nameOf('crash');
      await modules.create(name, shell(`echo last words; exit ${code}`));
      const { status } = await modules.until(
        name,
        'the crash loop is reported',
        (module) => conditionOf(module, 'Ready')?.reason === 'CrashLoopBackOff',
      );
      expect(status).toMatchObject({
        ...{ phase: 'Failed', readyReplicas: 0 },
        containers: [{ state: 'exited', ready: false, lastExit: { code, reason } }],
      });
      expect(status.restarts).toBeGreaterThan(0);
      expect(status.containers[0]?.retryAt).toBeDefined();
      expect((await site.cli(['get', name])).stdout).toMatch(
        new RegExp(`${name} +1\\.0\\.0 +miner +Failed +0/1 +[1-9]`),
      );
      expect((await site.cli(['logs', name])).stdout).toContain('last words\n');
      await modules.change(name, { command: [] });
      expect((await modules.untilReady(name)).status).toMatchObject({
        phase: 'Running',
        restarts: 0,
      });
    },
  );

  it('whose container name a foreign container has says so, and waits for it to go', async () => {
    const name = nameOf('name');
    const manifest = JSON.stringify({
      ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Module', metadata: { name } },
      spec: { version: '1.0.0', type: 'miner', license: 'MIT', image: SAMPLE_IMAGE },
    });
    const plan = await site.cli(['diff', '-f', '-'], manifest);
    const wanted = /create container (\S+)/.exec(plan.stdout)?.[1] ?? '';
    const foreign = await docker().createContainer({ Image: SAMPLE_IMAGE, name: wanted });
    try {
      await modules.create(name);
      const { status } = await modules.until(
        name,
        'the name is reported',
        (module) => conditionOf(module, 'Ready')?.reason === 'NameConflict',
      );
      expect(status).toMatchObject({ phase: 'Failed', replicas: 0 });
      const message = status.conditions.find(({ type }) => type === 'Ready')?.message;
      expect(message).toContain(wanted);
      expect(message).toContain(foreign.id.slice(0, 12));
      expect((await foreign.inspect()).Name).toBe(`/${wanted}`);
      expect((await foreign.inspect()).State.Status).toBe('created');
    } finally {
      await foreign.remove({ force: true });
    }
    await modules.untilReady(name);
    expect((await lifeOfModule(site, name)).name).toBe(wanted);
  });

  it('that was never well can be deleted', async () => {
    const names = [nameOf('gone'), nameOf('gone'), nameOf('gone')];
    const specs = [shell('exit 1'), { image: '127.0.0.1:1/none:1' }, { command: ['nothing'] }];
    await Promise.all(names.map((name, index) => modules.create(name, specs[index] ?? {})));
    await Promise.all(
      names.map((name) =>
        modules.until(name, 'it failed', ({ status }) => status.phase === 'Failed'),
      ),
    );
    expect(await site.cli(['delete', ...names, '--timeout=50s'])).toMatchObject({ code: 0 });
    for (const name of names) expect(await modules.find(name)).toBeUndefined();
  });
});
