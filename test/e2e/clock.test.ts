import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensureFaketime } from '../../bin/lib/test-clients.js';
import { aSite } from '../helpers/daemon.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { conditionOf, ending, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';

const library = await ensureFaketime();
const problem = library === undefined ? 'libfaketime is not there and cannot be installed' : '';

/** Enough for what would be done at once to be done. */
const MOMENT_MS = 6_000;
/** By less than this nobody set the clock. */
const SET_MS = 1_800_000;

/** Removes what the library shares between processes, and leaves when one is killed. */
function forget(pid: number): void {
  for (const name of ['faketime_shm', 'sem.faketime_sem'])
    rmSync(`/dev/shm/${name}_${pid}`, { force: true });
}

describe.skipIf(library === undefined)(`somebody who sets the clock ${problem}`, () => {
  it.each([
    ['on by a day', '+1d'],
    ['back by an hour', '-1h'],
    ['to 1970', '@1970-01-02 00:00:00'],
  ])(
    '%s restarts nothing, freezes nothing, and is followed by true statuses',
    async (_how, offset) => {
      const timestamps = join(temporaryFolder('clock'), 'offset');
      const set = (to: string): void => writeFileSync(timestamps, `${to}\n`);
      set('+0');
      const site = aSite({
        daemonEnv: {
          LD_PRELOAD: library ?? '',
          FAKETIME_TIMESTAMP_FILE: timestamps,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      });
      const { pid } = await site.start();
      onTestFinished(() => forget(pid));
      const modules = modulesOf(site);
      const [web, loops] = [nameOf('web'), nameOf('loops')];
      await Promise.all([modules.create(web), modules.create(loops, ending('sleep 1; exit 3'))]);
      await modules.untilReady(web);
      const before = await modules.until(loops, 'it crashed', ({ status }) => status.restarts > 0);
      const life = await lifeOfModule(site, web);
      set(offset);
      await sleep(MOMENT_MS);
      expect(await lifeOfModule(site, web)).toEqual(life);
      const { status } = await modules.get(web);
      expect(status).toMatchObject({ phase: 'Running', readyReplicas: 1, restarts: 0 });
      await modules.until(loops, 'it is tried again', (one) => {
        return one.status.restarts > before.status.restarts;
      });
      await modules.change(web, { env: [{ name: 'WORD', value: 'two' }] });
      await modules.until(web, 'the change runs', (one) => {
        const [container] = one.status.containers;
        return (
          one.status.containers.length === 1 &&
          container?.id !== life.id &&
          container?.ready === true
        );
      });
      const progressing = conditionOf(await modules.get(web), 'Progressing');
      const said = Date.parse(progressing?.lastTransitionTime ?? '');
      expect(Math.abs(said - Date.now())).toBeGreaterThan(SET_MS);
      expect(await site.cli(['get', web])).toMatchObject({ code: 0 });
    },
  );
});
