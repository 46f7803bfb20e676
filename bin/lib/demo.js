import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DaemonProcess, freePort } from './daemon-process.js';
import { ownedBy, removeOwned } from './owned.js';
import { DEMO_DIR, ROOT } from './paths.js';
import { haveEnded, processesOf, signalAll } from './processes.js';
import { say } from './run.js';

const PREFERRED_PORT = 7878;
const CONFIG = join(DEMO_DIR, 'config');
const PRUNE_TIMEOUT_MS = 90_000;
const ORPHAN_TIMEOUT_MS = 10_000;
const POLL_MS = 300;

/**
 * The id that marks what the demo's daemon makes, undefined when it never got that far.
 *
 * @returns {string | undefined}
 */
function instanceId() {
  const file = join(DEMO_DIR, 'data', 'registrar.db');
  if (!existsSync(file)) return undefined;
  const Database = createRequire(join(ROOT, 'package.json'))('better-sqlite3');
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(`SELECT value FROM meta WHERE key = 'instance_id'`).pluck().get();
  } finally {
    database.close();
  }
}

/** Ends the daemon of a demo that was killed before it could do so. */
async function endOrphan() {
  if (process.platform !== 'linux') return;
  const orphans = processesOf(/^node$/, [join(DEMO_DIR, 'data')]);
  signalAll(orphans, 'SIGKILL');
  await haveEnded(orphans, ORPHAN_TIMEOUT_MS);
}

/**
 * Removes all that a demo made, also one that was killed, without the help of its daemon. Resolves
 * to what had to be removed from the engine.
 *
 * @param {string} host
 * @returns {Promise<readonly string[]>}
 */
export async function sweep(host) {
  await endOrphan();
  const instance = instanceId();
  const left = instance === undefined ? [] : await ownedBy(host, instance);
  if (instance !== undefined) await removeOwned(host, instance);
  rmSync(DEMO_DIR, { recursive: true, force: true });
  return left;
}

/**
 * Starts a daemon on a copy of config/.
 *
 * @param {string} host
 */
export async function startDemo(host) {
  mkdirSync(DEMO_DIR, { recursive: true, mode: 0o700 });
  cpSync(join(ROOT, 'config'), CONFIG, { recursive: true });
  const daemon = new DaemonProcess(DEMO_DIR, host, await freePort(PREFERRED_PORT));
  try {
    await daemon.answers();
    return daemon;
  } catch (error) {
    await daemon.stop();
    throw error;
  }
}

/**
 * Ends a demo the way a user would: takes the files away, confirms that this is meant, and waits
 * until the modules are gone.
 *
 * @param {DaemonProcess} daemon
 */
export async function pruneDemo(daemon) {
  say('Removing the modules');
  for (const name of readdirSync(CONFIG)) rmSync(join(CONFIG, name), { recursive: true });
  const deadline = performance.now() + PRUNE_TIMEOUT_MS;
  for (;;) {
    const { items } = await daemon.modules();
    if (items.length === 0) return;
    const kept = items.filter((/** @type {any} */ { metadata }) => !metadata.deletionTimestamp);
    if (kept.length > 0) await daemon.confirmPrune();
    if (performance.now() > deadline) throw new Error(`${items.length} modules do not go away`);
    await sleep(POLL_MS);
  }
}
