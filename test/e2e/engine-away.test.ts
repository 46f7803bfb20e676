import { describe, expect, it } from 'vitest';
import { aSite, manifest } from '../helpers/daemon.js';
import type { AtEnd, DaemonProcess, Site } from '../helpers/daemon.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import type { EngineProxy } from '../helpers/engine-proxy.js';
import { lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';
import type { Life, Modules } from '../helpers/live-modules.js';

interface Scene {
  readonly site: Site;
  readonly daemon: DaemonProcess;
  readonly modules: Modules;
  readonly proxy: EngineProxy;
  readonly name: string;
  readonly life: Life;
}

/** A module that runs, and something to take the engine away with. */
async function aScene(atEnd: AtEnd): Promise<Scene> {
  const site = aSite({ atEnd });
  const proxy = await engineProxy(atEnd);
  const daemon = await site.start(['--docker-host', proxy.dockerHost]);
  const modules = modulesOf(site);
  const name = nameOf('web');
  await modules.create(name);
  await modules.untilReady(name);
  return { site, daemon, modules, proxy, name, life: await lifeOfModule(site, name) };
}

describe.concurrent('registrar, while the engine is away', () => {
  it.for([
    ['refuses connections', (proxy: EngineProxy) => proxy.cut(), 'EngineUnavailable'],
    ['does not answer', async (proxy: EngineProxy) => proxy.pause(), 'EngineTimeout'],
  ] as const)(
    'because it %s, claims nothing, takes orders, and goes on as before',
    async ([_how, takeAway, reason], { onTestFinished }) => {
      const { site, modules, proxy, name, life } = await aScene(onTestFinished);
      await takeAway(proxy);
      const { status } = await modules.until(
        name,
        'the phase is Unknown',
        (module) => module.status.phase === 'Unknown',
      );
      expect(status.containers).toMatchObject([{ id: life.id, ready: false }]);
      const ready = status.conditions.find(({ type }) => type === 'Ready');
      expect(ready).toMatchObject({ status: 'Unknown', reason });
      expect((await site.cli(['get', name])).stdout).toMatch(/Unknown +0\/1/);
      const later = nameOf('later');
      await modules.create(later);
      await modules.until(later, 'it is Unknown too', (one) => one.status.phase === 'Unknown');
      expect(await site.cli(['scale', name, '--replicas=2'])).toMatchObject({ code: 0 });
      expect(await lifeOfModule(site, name)).toEqual(life);
      await proxy.restore();
      await modules.untilReady(later);
      const after = await modules.untilReady(name);
      expect(after.status).toMatchObject({ phase: 'Running', readyReplicas: 2, restarts: 0 });
      expect(after.status.containers[0]?.id).toBe(life.id);
    },
  );

  it('from the start, answers and says so, then adopts what runs and makes what was asked for', async ({
    onTestFinished,
  }) => {
    const { site, daemon, modules, proxy, name, life } = await aScene(onTestFinished);
    expect(await daemon.end('SIGTERM')).toBe(0);
    await proxy.cut();
    const later = nameOf('later');
    site.declare('later.yaml', manifest(later, '  replicas: 1\n'));
    await site.start(['--docker-host', proxy.dockerHost]);
    for (const one of [name, later]) {
      const { status } = await modules.until(one, 'it is Unknown', (module) => {
        return module.status.phase === 'Unknown';
      });
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'Ready', status: 'Unknown', reason: 'EngineUnavailable' }),
      );
    }
    await proxy.restore();
    await modules.untilReady(later);
    expect((await modules.untilReady(name)).status).toMatchObject({ restarts: 0 });
    expect(await lifeOfModule(site, name)).toEqual(life);
  });
});
