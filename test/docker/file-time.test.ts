import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { dockerWorld } from '../helpers/docker-world.js';
import { docker } from '../helpers/engine.js';

async function inside(id: string, script: string): Promise<void> {
  const container = docker().getContainer(id);
  const exec = await container.exec({ Cmd: ['sh', '-c', script], AttachStdout: true });
  const stream = await exec.start({});
  await finished(stream.resume());
  expect((await exec.inspect()).ExitCode).toBe(0);
}

const STATE = { name: 'state', mountPath: '/data', readOnly: false };

/** A container with a volume, and when its files were written. */
async function setUp() {
  const world = await dockerWorld();
  const id = await world.run({ volumes: [STATE] });
  const timeOf = (path: string) => world.runtime.fileTime(id, path);
  return { id, timeOf, run: (script: string) => inside(id, script) };
}

describe('fileTime', () => {
  it('changes whenever a file of a volume is written, and is undefined before', async () => {
    const { timeOf, run } = await setUp();
    expect(await timeOf('/data/beat')).toBeUndefined();
    await run('echo one > /data/beat');
    const first = await timeOf('/data/beat');
    expect(Date.parse(first ?? '')).not.toBeNaN();
    expect(await timeOf('/data/beat')).toBe(first);
    await run('echo two > /data/beat');
    expect(await timeOf('/data/beat')).not.toBe(first);
  });

  it('is that of the file a link leads to, which is one of the container', async () => {
    const { timeOf, run } = await setUp();
    await run('echo one > /data/beat; ln -s beat /data/link; ln -s ../../../etc/passwd /data/out');
    expect(await timeOf('/data/link')).toBe(await timeOf('/data/beat'));
    const own = await timeOf('/etc/passwd');
    expect(own).toBe('1970-01-01T00:00:00Z');
    expect(await timeOf('/data/out')).toBe(own);
    await run('ln -s loop /data/loop; ln -s nowhere /data/dangling');
    expect(await timeOf('/data/dangling')).toBeUndefined();
    await timeOf('/data/loop').catch(() => undefined);
  });

  it('takes any path for a path', async () => {
    const { timeOf } = await setUp();
    expect(await timeOf('/data/../etc/passwd&path=/etc/shadow?#%2e')).toBeUndefined();
  });
});
