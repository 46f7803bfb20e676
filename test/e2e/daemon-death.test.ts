import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aSite, eventually } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { lifeOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';

/** From before the loop has looked at a change to after it has carried it out. */
const KILL_AFTER_MS = [0, 15, 40, 90, 200, 400, 800, 1_500];

const colour = (value: number) => ({ env: [{ name: 'COLOUR', value: String(value) }] });

describe.concurrent('registrar', () => {
  it('killed again and again loses nothing, and ends with one container a slot', async ({
    onTestFinished,
  }) => {
    const site = aSite({ atEnd: onTestFinished });
    let daemon = await site.start();
    const modules = modulesOf(site);
    const [web, gone] = [nameOf('web'), nameOf('gone')];
    await modules.create(web, { replicas: 2, ...colour(-1) });
    await modules.create(gone);
    await Promise.all([modules.untilReady(web), modules.untilReady(gone)]);
    const made: string[] = [];
    for (const [round, afterMs] of KILL_AFTER_MS.entries()) {
      await modules.change(web, colour(round));
      const name = nameOf('made');
      await modules.create(name);
      made.push(name);
      if (round === 4)
        expect(await site.cli(['delete', gone, '--wait=false'])).toMatchObject({ code: 0 });
      await sleep(afterMs);
      expect(await daemon.end('SIGKILL')).toBeNull();
      daemon = await site.start();
    }
    const { spec, status } = await modules.untilReady(web);
    expect(spec).toMatchObject(colour(KILL_AFTER_MS.length - 1));
    expect(status).toMatchObject({ replicas: 2, readyReplicas: 2, restarts: 0 });
    await Promise.all(made.map((name) => modules.untilReady(name)));
    await eventually(async () => (await modules.find(gone)) === undefined, 'the deletion is done');
    const containers = await site.containers();
    expect(containers.map(({ module, state }) => `${module} ${state}`).toSorted()).toEqual(
      [web, web, ...made].map((name) => `${name} running`).toSorted(),
    );
    for (const { id } of containers.filter(({ module }) => module === web)) {
      const { Config } = await docker().getContainer(id).inspect();
      expect(Config.Env).toContain(`COLOUR=${KILL_AFTER_MS.length - 1}`);
    }
  });

  it('asked to end does so while a container stops slowly, and goes on when it is back', async ({
    onTestFinished,
  }) => {
    const site = aSite({ atEnd: onTestFinished });
    const daemon = await site.start();
    const modules = modulesOf(site);
    const [calm, deaf] = [nameOf('calm'), nameOf('deaf')];
    const command = ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'];
    await Promise.all([modules.create(calm), modules.create(deaf, { command })]);
    await Promise.all([modules.untilReady(calm), modules.untilReady(deaf)]);
    const lives = { calm: await lifeOfModule(site, calm), deaf: await lifeOfModule(site, deaf) };
    await modules.change(deaf, { command: [] });
    const isBeingReplaced = async (): Promise<boolean> =>
      (await site.containers()).filter(({ module }) => module === deaf).length === 2;
    await eventually(isBeingReplaced, 'its successor is there, itself asked to stop');
    expect(await daemon.end('SIGTERM')).toBe(0);
    expect(await lifeOf(lives.calm.id)).toEqual(lives.calm);
    await site.start();
    await modules.untilReady(deaf);
    expect((await lifeOfModule(site, deaf)).id).not.toBe(lives.deaf.id);
    expect(await lifeOfModule(site, calm)).toEqual(lives.calm);
  });
});
