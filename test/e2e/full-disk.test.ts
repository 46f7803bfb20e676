import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MODULES_PATH } from '../../src/client/modules.js';
import { open, textOf } from '../../src/client/transport.js';
import { aSite, eventually, manifest } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { lifeOf, lifeOfModule, manifestOf, modulesOf, nameOf } from '../helpers/live-modules.js';
import { mountSmallDisk, whyNoDisk } from '../helpers/small-disk.js';

const noDisk = whyNoDisk();
/** Large enough not to fit into what SQLite has reserved already. */
const description = 'x'.repeat(4_000);

it.skipIf(noDisk !== undefined)(
  `a full disk refuses changes, and nothing else${noDisk ? ` (skipped: ${noDisk})` : ''}`,
  async () => {
    const disk = mountSmallDisk('8m');
    const site = aSite({ dataDir: disk.path });
    await site.start();
    const modules = modulesOf(site);
    const name = nameOf('web');
    await modules.create(name);
    await modules.untilReady(name);
    const life = await lifeOfModule(site, name);
    disk.fill();

    const socketPath = join(disk.path, 'registrar.sock');
    const address = { url: `unix://${socketPath}`, target: { socketPath }, token: undefined };
    const body = manifestOf(nameOf('refused'), { description });
    const answer = await open(address, { method: 'POST', path: MODULES_PATH, body });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(JSON.parse(await textOf(answer))).toMatchObject({
      ...{ kind: 'Status', status: 'Failure', reason: 'ServiceUnavailable' },
      message: expect.stringMatching(/disk is full; free disk space$/) as string,
    });
    expect(await lifeOf(life.id)).toEqual(life);
    expect((await site.cli(['get'])).stdout).toMatch(/^web\S+ .* Running +1\/1 .*\n$/m);
    await docker().getContainer(life.id).stop();
    await eventually(async () => (await lifeOf(life.id)).pid > 0, 'what stops is started again');

    disk.free();
    const late = manifest(nameOf('late'), `  description: ${description}\n`);
    const applied = await site.cli(['apply', '-f', '-', '--wait', '--timeout=50s'], late);
    expect(applied).toMatchObject({ code: 0 });
    await modules.until(name, 'the restart is told', ({ status }) => status.restarts === 1);
  },
);
