import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ensurePython, ensureSystemd } from '../../bin/lib/test-clients.js';
import { folderOf, startCli } from '../helpers/cli.js';
import { aNotifySocket } from '../helpers/notify-socket.js';

const python = await ensurePython();
const canNotify = (await ensureSystemd()) !== undefined && python !== undefined;

// Where Debian's systemd cannot be installed, test/source/systemd has a program in its place.
test.skipIf(!canNotify)(
  'tells systemd that it serves, that it lives, and that it ends',
  async () => {
    const { path, messages } = await aNotifySocket(python ?? '');
    const watchdog = { NOTIFY_SOCKET: path, WATCHDOG_USEC: '600000' };
    const child = startCli(['daemon', '--port', '0'], {
      cwd: folderOf({ 'config/.keep': '' }),
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock', ...watchdog },
    });
    await expect
      .poll(messages, { timeout: 50_000 })
      .toContainEqual(expect.stringMatching(/^WATCHDOG=1$/m));
    const [first] = messages();
    expect(first).toMatch(/^READY=1\nSTATUS=Registrar listens on https:.*; engine: .*$/m);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
    expect(messages().at(-1)).toBe('STOPPING=1\nSTATUS=Stopping; containers go on');
  },
);
