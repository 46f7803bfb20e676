import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mustRun, say } from './run.js';

/** PATH with the folders of administration programs, which the PATH of a plain user lacks. */
export const ADMIN_PATH = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(
  delimiter,
);

/**
 * Full path of a program, or undefined.
 *
 * @param {string} name
 */
export function findProgram(name) {
  const candidates = ADMIN_PATH.split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** True when packages can be installed: root on Debian or a relative of it. */
export function canInstall() {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/**
 * Installs Debian packages, without what they only recommend.
 *
 * @param {readonly string[]} packages
 */
export async function install(packages) {
  say(`Installing ${packages.join(', ')} with apt-get`);
  const env = {
    ...process.env,
    PATH: ADMIN_PATH,
    DEBIAN_FRONTEND: 'noninteractive',
    // Keeps invoke-rc.d from starting a service where there is no systemd.
    RUNLEVEL: '1',
  };
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300'];
  await mustRun('apt-get', [...options, 'update'], { env });
  await mustRun('apt-get', [...options, 'install', '-y', '--no-install-recommends', ...packages], {
    env,
  });
}
