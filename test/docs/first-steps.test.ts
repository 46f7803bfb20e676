import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../bin/lib/daemon-process.js';
import { aSite } from '../helpers/daemon.js';
import { dockerHost } from '../helpers/engine.js';
import { readPage, sectionOf } from '../helpers/markdown.js';
import { Reader, stepsOf } from '../helpers/reader.js';

const SECTIONS = ['Five minutes by hand', 'Declaring modules in a folder', 'The API'];
const DAEMON = /^bin\/registrar daemon .*$/m;

const steps = SECTIONS.flatMap((name) => stepsOf(sectionOf(readPage('README.md'), name)));

function hasDockerCli(): boolean {
  try {
    execFileSync('docker', ['--version']);
    return true;
  } catch {
    return false;
  }
}

test('README.md shows steps and what they print', () => {
  expect(steps.filter(({ commands }) => DAEMON.test(commands))).toHaveLength(1);
  expect(steps.filter(({ shown }) => shown !== '').length).toBeGreaterThan(6);
});

// The page has the reader break a container with the docker command.
test.skipIf(!hasDockerCli())(
  'README.md: what it says to type prints what it shows',
  async () => {
    const port = await freePort(0);
    const ports = new Map([
      ['7878', port],
      ['18080', await freePort(0)],
    ]);
    const env = { DOCKER_HOST: dockerHost(), REGISTRAR_PORT: String(port) };
    const reader = new Reader({ env, ports });
    // Removes what the daemon made, when the reader has ended it.
    aSite({ dataDir: join(reader.home, 'registrar/data') });
    for (const { commands, shown } of steps) {
      const [daemon] = DAEMON.exec(commands) ?? [];
      if (daemon === undefined) await reader.follow({ commands, shown });
      else {
        await reader.follow({ commands: commands.replace(daemon, ''), shown: '' });
        await reader.start({ commands: daemon, shown });
      }
    }
  },
  600_000,
);
