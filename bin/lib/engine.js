import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, pid, platform } from 'node:process';
import { canInstall, findProgram, install } from './apt.js';
import { problemOf, usualHosts } from './engine-address.js';
import { withLock } from './lock.js';
import { ENGINE_DIR, ROOT } from './paths.js';
import {
  PRIVATE_HOST,
  isRunning,
  startPrivateEngine,
  stopPrivateEngine,
} from './private-engine.js';

const LOCKED_FOLDER = join(ROOT, 'data');
/** One file for each process that uses the private engine, so that the last one can stop it. */
const USERS = join(ENGINE_DIR, 'users');
/** The user of an engine that was started by hand: it stays until it is stopped by hand. */
const BY_HAND = 'by-hand';

/** @returns {Promise<string | undefined>} */
async function foundEngine() {
  const named = env['DOCKER_HOST'];
  if (named) {
    const problem = await problemOf(named);
    if (problem === undefined) return named;
    throw new Error(
      `No engine answers at DOCKER_HOST "${named}" (${problem}). Start it, or unset DOCKER_HOST`,
    );
  }
  for (const host of usualHosts()) {
    if ((await problemOf(host)) === undefined) return host;
  }
  return undefined;
}

/** @returns {Promise<string>} */
async function whatToInstall() {
  const tried = await Promise.all(
    usualHosts().map(async (host) => `${host} (${await problemOf(host)})`),
  );
  return [
    `No Docker Engine found: DOCKER_HOST is not set, tried ${tried.join(', ')}`,
    'Install Docker Engine or Docker Desktop (https://docs.docker.com/engine/install/), start it',
    'and make sure that this user may use it. As root on Linux, one is started for you',
  ].join('\n');
}

/** @returns {Promise<void>} */
async function installEngine() {
  const wanted = { dockerd: 'docker.io', iptables: 'iptables', busybox: 'busybox-static' };
  const missing = Object.entries(wanted).filter(([program]) => findProgram(program) === undefined);
  if (missing.length === 0) return;
  if (canInstall()) return install(missing.map(([, name]) => name));
  if (findProgram('dockerd') === undefined) throw new Error(await whatToInstall());
}

/** @param {string} name */
function addUser(name) {
  mkdirSync(USERS, { recursive: true });
  writeFileSync(join(USERS, name), '');
}

/** @param {string} name */
function isGone(name) {
  return name !== BY_HAND && !existsSync(`/proc/${name}`);
}

/**
 * @param {string} user
 * @returns {Promise<string>}
 */
async function ensure(user) {
  const found = await foundEngine();
  if (found !== undefined) return found;
  if (platform !== 'linux' || process.getuid?.() !== 0) throw new Error(await whatToInstall());
  if (!isRunning()) await installEngine();
  // A package may have started the machine's own engine.
  const installed = await foundEngine();
  if (installed !== undefined) return installed;
  await startPrivateEngine();
  addUser(user);
  return PRIVATE_HOST;
}

/** Finds or starts an engine that stays until it is stopped by hand; resolves to its address. */
export function ensureEngine() {
  return withLock(LOCKED_FOLDER, () => ensure(BY_HAND));
}

/** Ends the private engine, whoever uses it. Resolves to false when there was none. */
export function stopEngine() {
  return withLock(LOCKED_FOLDER, stopPrivateEngine);
}

/**
 * Finds or starts an engine for the life of this process. `release` stops a private engine when
 * this was its last user.
 *
 * @returns {Promise<{ host: string, release: () => Promise<void> }>}
 */
export async function acquireEngine() {
  const user = String(pid);
  const host = await withLock(LOCKED_FOLDER, () => ensure(user));
  const release = () =>
    withLock(LOCKED_FOLDER, async () => {
      if (host !== PRIVATE_HOST || !existsSync(join(USERS, user))) return;
      rmSync(join(USERS, user));
      if (readdirSync(USERS).every(isGone)) await stopPrivateEngine();
    });
  return { host, release };
}

/** @returns {Promise<string>} what `ensure` would use, in words */
export async function describeEngine() {
  const found = await foundEngine();
  if (found !== undefined) return `Using the engine at ${found}`;
  if (!isRunning()) return 'No engine runs';
  const problem = await problemOf(PRIVATE_HOST);
  return `The private engine at ${PRIVATE_HOST} ${problem === undefined ? 'runs' : `has a problem: ${problem}`}`;
}
