import { expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import type { Site } from '../helpers/daemon.js';
import { lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';
import type { Modules } from '../helpers/live-modules.js';

async function aRegistrar(): Promise<{ site: Site; modules: Modules }> {
  const site = aSite();
  await site.start();
  return { site, modules: modulesOf(site) };
}

it('two registrars on one engine run a module of the same name, and leave the other alone', async () => {
  const [one, two] = [await aRegistrar(), await aRegistrar()];
  const name = nameOf('web');
  for (const { modules } of [one, two]) {
    await modules.create(name, { volumes: [{ name: 'state', mountPath: '/data' }] });
    await modules.untilReady(name);
  }
  const life = await lifeOfModule(one.site, name);
  await two.modules.change(name, { env: [{ name: 'COLOUR', value: 'blue' }] });
  await two.modules.untilReady(name);
  expect(await two.site.cli(['delete', name])).toMatchObject({ code: 0 });
  expect(await two.site.containers()).toEqual([]);
  expect(await lifeOfModule(one.site, name)).toEqual(life);
  expect((await one.modules.get(name)).status).toMatchObject({ phase: 'Running', restarts: 0 });
});
