import { expect, test, vi } from 'vitest';
import { ensureSampleImage } from '../../bin/lib/sample-image.js';
import { SAMPLE_IMAGE, docker, dockerHost } from '../helpers/engine.js';

async function outputOf(...command: string[]): Promise<string> {
  const container = await docker().createContainer({
    Image: SAMPLE_IMAGE,
    Cmd: command,
    Tty: true,
    HostConfig: { NetworkMode: 'none' },
  });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true })).toString().trim();
  } finally {
    await container.remove({ force: true });
  }
}

test('it is there and is not made again', async () => {
  expect(await ensureSampleImage(dockerHost())).toBe(false);
});

test('it runs as an ordinary user and has what samples need', async () => {
  expect(await outputOf('id')).toBe('uid=65532(app) gid=65532(app) groups=65532(app)');
  expect(await outputOf('cat', '/www/index.html')).toContain('It works');
});

test('its command ends when it is asked to', async () => {
  const container = await docker().createContainer({ Image: SAMPLE_IMAGE });
  try {
    await container.start();
    // Asked before the trap is set, it does not hear it.
    await vi.waitUntil(
      async () => {
        await container.kill({ signal: 'SIGTERM' }).catch(() => {});
        return !(await container.inspect()).State.Running;
      },
      { timeout: 30_000 },
    );
    expect(await container.wait()).toMatchObject({ StatusCode: 0 });
  } finally {
    await container.remove({ force: true });
  }
});
