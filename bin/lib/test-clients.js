import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canInstall, findProgram, install } from './apt.js';
import { withLock } from './lock.js';
import { ROOT } from './paths.js';
import { outputOf } from './run.js';

const PYTHON = '/usr/bin/python3';

const LIBRARY_FOLDERS = [
  ...['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'],
  ...['/usr/lib64', '/usr/lib'],
];

/**
 * Path of kubectl: the one on the PATH, else Debian's, which root installs. Undefined when there is
 * none and none can be installed.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureKubectl() {
  return ensure(async () => findProgram('kubectl'), 'kubernetes-client');
}

/**
 * Path of a Python that can import Debian's `kubernetes`, got likewise.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensurePythonClient() {
  const look = async () => {
    const output = await outputOf(PYTHON, ['-c', 'import kubernetes']);
    return output === undefined ? undefined : PYTHON;
  };
  return ensure(look, 'python3-kubernetes');
}

/**
 * Path of sshd, got likewise. It is for the tests alone: no service is started.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureSshServer() {
  return ensure(async () => findProgram('sshd'), 'openssh-server');
}

/**
 * Path of gpg, got likewise.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureGpg() {
  return ensure(async () => findProgram('gpg'), 'gnupg');
}

/**
 * Path of strace, got likewise.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureStrace() {
  return ensure(async () => findProgram('strace'), 'strace');
}

/**
 * Path of Debian's registry of images, got likewise.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureDockerRegistry() {
  return ensure(async () => findProgram('docker-registry'), 'docker-registry');
}

/**
 * Path of the library that gives a program another time of day, got likewise.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureFaketime() {
  const paths = LIBRARY_FOLDERS.map((one) => join(one, 'faketime', 'libfaketimeMT.so.1'));
  return ensure(async () => paths.find((path) => existsSync(path)), 'libfaketime');
}

/**
 * Path of systemd-analyze, whose package has systemd-notify, too, got likewise. Nothing is started.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensureSystemd() {
  return ensure(async () => findProgram('systemd-analyze'), 'systemd');
}

/**
 * Path of a Python, got likewise.
 *
 * @returns {Promise<string | undefined>}
 */
export function ensurePython() {
  return ensure(async () => findProgram('python3'), 'python3');
}

/**
 * What `look` finds, after installing the package when that is needed; once for all processes.
 *
 * @param {() => Promise<string | undefined>} look
 * @param {string} packageName
 */
async function ensure(look, packageName) {
  const found = await look();
  if (found !== undefined || !canInstall()) return found;
  return withLock(ROOT, async () => {
    if ((await look()) === undefined) await install([packageName]);
    return look();
  });
}
