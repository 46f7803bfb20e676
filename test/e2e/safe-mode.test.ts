import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askSocket } from '../helpers/ask-socket.js';
import { aSite, manifest } from '../helpers/daemon.js';
import { lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';

it('a daemon whose store is damaged says so, and leaves alone what runs, until a backup is there', async () => {
  const site = aSite();
  const modules = modulesOf(site);
  const name = nameOf('web');
  let daemon = await site.start();
  await modules.create(name);
  await modules.untilReady(name);
  const life = await lifeOfModule(site, name);
  const file = join(site.dataDir, 'x.backup');
  expect(await site.cli(['backup', '--output', file])).toMatchObject({ code: 0 });
  const instance = site.instanceId();
  await daemon.end();
  const store = join(site.dataDir, 'registrar.db');
  const whole = readFileSync(store);
  const damaged = Buffer.concat([Buffer.alloc(4096, 0xa5), whole.subarray(4096)]);
  writeFileSync(store, damaged);
  site.declare('later.yaml', manifest(nameOf('later')));

  daemon = await site.start();
  expect(daemon.log()).toContain('Safe mode: containers go on');
  expect(await askSocket(site, '/healthz')).toEqual({ code: 200, body: 'ok' });
  const ready = await askSocket(site, '/readyz');
  expect(ready.code).toBe(503);
  expect(ready.body).toContain(
    `[-]store failed: The store "${store}" is damaged: file is not a database`,
  );
  expect(ready.body).toMatch(new RegExp(`^\\[\\+\\]containers 1 run: ${name}-`, 'm'));
  const shown = await site.cli(['get']);
  expect(shown).toMatchObject({ code: 1, stdout: '' });
  expect(shown.stderr).toContain('"registrar restore"');
  expect(await site.cli(['delete', name])).toMatchObject({ code: 1 });
  const { url } = JSON.parse(readFileSync(join(site.dataDir, 'listening.json'), 'utf8')) as {
    url: string;
  };
  const far = await site.cli(['get', '--server', url]);
  expect(far.code).toBe(1);
  expect(far.stderr).toContain(
    'The store is damaged, so that Registrar only observes; see its log',
  );
  expect((await site.cli(['restore', file])).stderr).toContain('in use');
  await daemon.end();
  expect(readFileSync(store).equals(damaged)).toBe(true);

  expect(await site.cli(['restore', file])).toMatchObject({ code: 0 });
  daemon = await site.start();
  await modules.untilReady(name);
  expect(site.instanceId()).toBe(instance);
  expect(await lifeOfModule(site, name)).toEqual(life);
});
