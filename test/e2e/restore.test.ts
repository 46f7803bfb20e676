import { join } from 'node:path';
import { expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import { conditionOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';

it('a restored backup takes nothing back that runs until somebody says so', async () => {
  const site = aSite();
  const modules = modulesOf(site);
  const [web, calm] = [nameOf('web'), nameOf('calm')];
  let daemon = await site.start();
  await Promise.all([modules.create(web), modules.create(calm)]);
  await Promise.all([modules.untilReady(web), modules.untilReady(calm)]);
  const file = join(site.dataDir, 'x.backup');
  expect(await site.cli(['backup', '--output', file])).toMatchObject({ code: 0 });
  await modules.change(web, { env: [{ name: 'NEWER', value: 'yes' }] });
  await modules.untilReady(web);
  const lives = { web: await lifeOfModule(site, web), calm: await lifeOfModule(site, calm) };
  expect((await site.cli(['restore', file])).stderr).toContain('in use');
  await daemon.end();
  const restored = await site.cli(['restore', file]);
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('Restored') });
  daemon = await site.start();
  await modules.untilReady(calm);
  const held = await modules.until(
    web,
    'it is held',
    (one) => conditionOf(one, 'Ready')?.reason === 'RestoreHeld',
  );
  expect(held.spec.env).toEqual([]);
  expect(await lifeOfModule(site, web)).toEqual(lives.web);
  expect(await lifeOfModule(site, calm)).toEqual(lives.calm);
  expect(await site.cli(['adopt', web])).toMatchObject({ code: 0 });
  await modules.untilReady(web);
  expect((await lifeOfModule(site, web)).id).not.toBe(lives.web.id);
  expect(await lifeOfModule(site, calm)).toEqual(lives.calm);
});
