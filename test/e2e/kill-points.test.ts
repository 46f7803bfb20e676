import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import { killAt, killPointProblem } from '../helpers/kill-point.js';
import type { KillCalls } from '../helpers/kill-point.js';
import { modulesOf, nameOf } from '../helpers/live-modules.js';

const problem = await killPointProblem();

/** How long the changes go on at most before the daemon is killed anyway. */
const LONGEST_MS = 3_000;

/** Some of them; `npm run soak` has all. */
const POINTS: readonly (readonly [KillCalls, number])[] = [
  ['pwrite64', 6],
  ['fdatasync', 2],
  ['write,writev,sendto', 1],
  ['write,writev,sendto', 7],
];

describe.skipIf(problem !== undefined).concurrent(`a daemon that dies ${problem ?? ''}`, () => {
  it.for(POINTS)(
    'at call %s number %i loses nothing, and ends with one container a slot',
    async ([calls, n], { onTestFinished }) => {
      const site = aSite({ atEnd: onTestFinished });
      const modules = modulesOf(site);
      const [web, gone] = [nameOf('web'), nameOf('gone')];
      const daemon = await site.start();
      await Promise.all([modules.create(web, { replicas: 2 }), modules.create(gone)]);
      await Promise.all([modules.untilReady(web), modules.untilReady(gone)]);
      const point = await killAt(daemon.pid, calls, n);
      const [changed] = await Promise.allSettled([
        modules.change(web, { env: [{ name: 'AT', value: 'new' }] }),
        site.cli(['delete', gone, '--wait=false']),
      ]);
      await Promise.race([daemon.ended, sleep(LONGEST_MS)]);
      await daemon.end('SIGKILL');
      await point.remove();
      await site.start();
      const { spec } = await modules.untilReady(web);
      // What was not acknowledged may be stored or not.
      if (changed.status === 'fulfilled') expect(spec.env).toHaveLength(1);
      await site.cli(['delete', gone, '--ignore-not-found']);
      const left = (await site.containers()).map(({ module, state }) => `${module} ${state}`);
      expect(left).toEqual([`${web} running`, `${web} running`]);
    },
  );
});
