import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { modulesOf, nameOf } from '../helpers/live-modules.js';

it('gc leaves volumes until they are named, and those of others altogether', async () => {
  const site = aSite();
  await site.start();
  const modules = modulesOf(site);
  const name = nameOf('keeper');
  const volumes = [{ name: 'state', mountPath: '/data' }];
  await modules.create(name, { volumes });
  await modules.untilReady(name);
  const foreign = `foreign-${randomBytes(4).toString('hex')}`;
  await docker().createVolume({ Name: foreign });
  onTestFinished(() => docker().getVolume(foreign).remove());
  const label = [`registrar.synapsis.network/module=${name}`];
  const own = async () => {
    const found = await docker().listVolumes({ filters: { label } });
    return found.Volumes.map(({ Name }) => Name);
  };
  const [volume = ''] = await own();
  const refused = await site.cli(['gc', '--volume', volume]);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain(`is of module "${name}": delete the module first`);

  expect(await site.cli(['delete', name, '--wait'])).toMatchObject({ code: 0 });
  const hint = `Volume "${volume}" is of no module; to lose it: registrar gc --volume ${volume}`;
  for (const flags of [['--dry-run'], []]) {
    const ran = await site.cli(['gc', ...flags]);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain(hint);
  }
  expect(await own()).toEqual([volume]);
  expect((await site.cli(['gc', '--volume', foreign])).stderr).toContain('made no volume');
  expect(await site.cli(['gc', '--volume', volume])).toMatchObject({
    ...{ code: 0, stdout: `volume/${volume} removed\n` },
  });
  expect(await own()).toEqual([]);
  expect((await site.cli(['audit', '-o', 'json'])).stdout).toContain('/gcz/remove-volume');
});
