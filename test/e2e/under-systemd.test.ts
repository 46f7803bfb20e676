import { expect, test } from 'vitest';
import { aSystemdMachine, lackForSystemd } from '../helpers/systemd-machine.js';
import type { SystemdMachine } from '../helpers/systemd-machine.js';
import { eventually } from '../helpers/daemon.js';

/** As the unit, but for a limit that a test can wait for. */
const DROP_IN = '[Service]\nWatchdogSec=9\nEnvironment=DOCKER_HOST=unix:///mnt/docker.sock\n';

const lack = lackForSystemd();
if (lack !== undefined) console.info(`${lack}: the unit is not run by systemd`);

/** One property of the service. */
const shown = (machine: SystemdMachine, name: string): Promise<string> =>
  machine.run('systemctl', 'show', '--value', '-p', name, 'registrar');

const serves = (machine: SystemdMachine) => async (): Promise<boolean> =>
  (await shown(machine, 'StatusText')).startsWith('Registrar listens on ') &&
  (await shown(machine, 'ActiveState')) === 'active';

test.skipIf(lack !== undefined)(
  'systemd starts the unit, ends a daemon that hangs, and stops it',
  async (context) => {
    const machine = await aSystemdMachine(DROP_IN);
    if (machine === undefined) return context.skip('the engine may not start systemd');
    await eventually(serves(machine), 'it serves');
    // It reached the engine by its group alone, or the line would say that it is away.
    await eventually(
      async () => !(await shown(machine, 'StatusText')).includes('engine:'),
      'the engine is seen',
    );
    const pid = await shown(machine, 'MainPID');
    const facts = await machine.run(
      'grep',
      '-E',
      '^(Uid|CapBnd|NoNewPrivs|Seccomp):',
      `/proc/${pid}/status`,
    );
    expect(facts).toMatch(/Uid:\s990\s[^]*CapBnd:\s0+\n[^]*NoNewPrivs:\s1\n[^]*Seccomp:\s2/);
    const inIt = (script: string) => machine.run('nsenter', '-m', '-t', pid, 'sh', '-c', script);
    expect(await inIt('touch /tmp/x /home/x /etc/x')).toMatch(/(?:.*Read-only file system\n?){3}/);
    expect(await inIt('stat -f -c %T /run/registrar')).toBe('tmpfs');
    await inIt('touch /run/registrar/file');

    await machine.run('kill', '-STOP', pid);
    await eventually(async () => (await shown(machine, 'NRestarts')) === '1', 'it is restarted');
    await eventually(serves(machine), 'it serves again');
    expect(await shown(machine, 'MainPID')).not.toBe(pid);

    await machine.run('systemctl', 'stop', 'registrar');
    expect(await shown(machine, 'Result')).toBe('success');
    expect(await shown(machine, 'ActiveState')).toBe('inactive');
    expect(await machine.run('ls', '/run/registrar')).toBe('file');
  },
);
