import { describe, expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import { docker, dockerHost } from '../helpers/engine.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import type { EngineProxy } from '../helpers/engine-proxy.js';
import { conditionOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';
import { ownEngine, whyNoOwnEngine } from '../helpers/own-engine.js';

const problem = whyNoOwnEngine();

/** The proxy connects to the engine that the environment names by then. */
async function leadTo(host: string, proxy: EngineProxy): Promise<void> {
  process.env['DOCKER_HOST'] = host;
  await proxy.cut();
  await proxy.restore();
}

const engineId = async (): Promise<string> => ((await docker().info()) as { ID: string }).ID;

describe.skipIf(problem !== undefined)(
  `another engine behind the same address ${problem ?? ''}`,
  () => {
    it('gets nothing until somebody accepts it; the first one is known again by its containers', async () => {
      const site = aSite();
      const proxy = await engineProxy();
      await site.start(['--docker-host', proxy.dockerHost]);
      const modules = modulesOf(site);
      const name = nameOf('web');
      await modules.create(name);
      await modules.untilReady(name);
      const life = await lifeOfModule(site, name);
      const first = dockerHost();
      const { host } = await ownEngine();
      await leadTo(host, proxy);
      const held = await modules.until(
        name,
        'the engine is found to be another one',
        (one) => conditionOf(one, 'Ready')?.reason === 'EngineChanged',
      );
      expect(held.status.phase).toBe('Unknown');
      expect(conditionOf(held, 'Ready')?.message).toContain('registrar engine accept');
      expect(await docker().listContainers({ all: true })).toEqual([]);
      const other = await engineId();
      expect(await site.cli(['engine', 'accept'])).toMatchObject({
        ...{ code: 0, stdout: `engine ${other} accepted\n` },
      });
      await modules.untilReady(name);
      expect(await docker().listContainers({ all: true })).toHaveLength(1);
      const { stdout } = await site.cli(['audit', '-o', 'json']);
      expect(stdout).toContain(other);
      await leadTo(first, proxy);
      await modules.until(name, 'the first container is seen again', ({ status }) =>
        status.containers.some(({ id }) => id === life.id),
      );
      await modules.untilReady(name);
      expect(await lifeOfModule(site, name)).toEqual(life);
    });
  },
);
