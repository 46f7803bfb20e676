import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { conditionOf, lifeOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);

beforeAll(() => site.start());

/** Runs a command in a container that runs. */
async function inside(id: string, script: string): Promise<void> {
  const exec = await docker()
    .getContainer(id)
    .exec({ Cmd: ['sh', '-c', script], AttachStdout: true });
  const stream = await exec.start({});
  await finished(stream.resume());
  expect((await exec.inspect()).ExitCode).toBe(0);
}

const SERVE = 'echo well > /tmp/well; httpd -p 8080 -h /tmp';
const WAIT = 'trap "exit 0" TERM; while :; do sleep 60 & wait $!; done';
const STOP_SERVING =
  'for p in /proc/[0-9]*; do grep -q ^httpd $p/cmdline && kill ${p#/proc/}; done; true';

const CHECKS = [
  {
    kind: 'exec',
    check: { exec: { command: ['test', '-f', '/tmp/well'] } },
    ...{ breakIt: 'rm /tmp/well', mendIt: 'echo > /tmp/well' },
  },
  {
    kind: 'http',
    check: { http: { port: 8080, path: '/well' } },
    ...{ breakIt: 'rm /tmp/well', mendIt: 'echo > /tmp/well' },
  },
  {
    kind: 'tcp',
    check: { tcp: { port: 8080 } },
    ...{ breakIt: STOP_SERVING, mendIt: 'httpd -p 8080 -h /tmp' },
  },
];

describe.concurrent('a module with a health check', () => {
  it.each(CHECKS)('by $kind is Ready while it passes, and is restarted when not', async (row) => {
    const { kind, check, breakIt, mendIt } = row;
    const name = nameOf(kind);
    const healthCheck = { ...check, intervalSeconds: 1, timeoutSeconds: 5, retries: 2 };
    await modules.create(name, { command: ['sh', '-c', `${SERVE}; ${WAIT}`], healthCheck });
    const { status: well } = await modules.untilReady(name);
    expect(well.containers).toMatchObject([{ health: 'healthy', ready: true }]);
    const first = await lifeOfModule(site, name);
    await inside(first.id, breakIt);
    await modules.until(name, 'it is restarted', ({ status }) => status.restarts === 1);
    const { status: again } = await modules.untilReady(name);
    expect(again.containers).toMatchObject([
      {
        ...{ id: first.id, health: 'healthy', restarts: 1, failures: 1 },
        lastExit: { reason: 'Unhealthy', message: 'fails its health check' },
      },
    ]);
    const life = await lifeOf(first.id);
    expect(life.pid).not.toBe(first.pid);
    await inside(life.id, breakIt);
    const { status: ill } = await modules.until(
      name,
      'it is unhealthy',
      (module) => conditionOf(module, 'Ready')?.reason === 'Unhealthy',
    );
    expect(ill).toMatchObject({ phase: 'Failed', readyReplicas: 0, restarts: 1 });
    expect(ill.containers).toMatchObject([{ health: 'unhealthy', ready: false }]);
    expect(ill.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        message: expect.stringMatching(
          `^0 of 1 containers ready: ${life.name} fails its health check; it is restarted at 2`,
        ),
      }),
    );
    await modules.untilEvents(name, 'Restarted', 'Unhealthy');
    await inside(life.id, mendIt);
    expect((await modules.untilReady(name)).status).toMatchObject({ phase: 'Running' });
    expect(await lifeOf(life.id)).toEqual(life);
  });

  it('that never passes is not Ready and backs off, and is deployed still while it may be starting', async () => {
    const [slow, never] = [nameOf('slow'), nameOf('never')];
    const healthCheck = { exec: { command: ['false'] }, intervalSeconds: 1, retries: 2 };
    await modules.create(slow, { healthCheck: { ...healthCheck, startPeriodSeconds: 3_600 } });
    await modules.create(never, { healthCheck });
    await modules.until(never, 'it is unhealthy', ({ status }) => status.phase === 'Failed');
    const { status } = await modules.until(
      slow,
      'it is deployed',
      (module) => module.status.containers[0]?.health === 'starting',
    );
    expect(status).toMatchObject({ phase: 'Deploying', readyReplicas: 0 });
    expect(status.containers).toMatchObject([{ health: 'starting', ready: false }]);
    expect(conditionOf(await modules.get(slow), 'Ready')?.reason).toBe('Starting');
  });
});
