import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './paths.js';
import { outputOf } from './run.js';

const POLL_MS = 300;
/** Ages change without the modules. */
const REDRAW_MS = 2_000;

/** @typedef {import('./daemon-process.js').DaemonProcess} DaemonProcess */

/**
 * What `registrar get` prints.
 *
 * @param {DaemonProcess} daemon
 */
export async function tableOf(daemon) {
  const args = ['get', '-o', 'wide', '--data-dir', daemon.dataDir];
  return (await outputOf(process.execPath, [join(ROOT, 'bin', 'registrar'), ...args])) ?? '';
}

/** @param {any} module */
const isReady = ({ metadata, status }) =>
  status.observedGeneration === metadata.generation &&
  status.conditions.some(
    (/** @type {any} */ { type, status: value }) => type === 'Ready' && value === 'True',
  );

/** @param {any} module */
function why({ metadata, status }) {
  const ready = status.conditions.find((/** @type {any} */ { type }) => type === 'Ready');
  return `${metadata.name}: ${ready?.message ?? status.phase}`;
}

/**
 * Resolves when all modules are ready; after `timeoutMs` it is an error that says which are not.
 *
 * @param {DaemonProcess} daemon
 * @param {{ expected: number, timeoutMs: number, signal: AbortSignal }} options `expected`: modules
 *   that there must be
 */
export async function allReady(daemon, { expected, timeoutMs, signal }) {
  const deadline = performance.now() + timeoutMs;
  while (!signal.aborted) {
    const { items } = await daemon.modules();
    const waiting = items.filter((/** @type {any} */ item) => !isReady(item));
    if (items.length >= expected && waiting.length === 0) return;
    if (performance.now() > deadline) {
      const reasons = waiting.map(why).join('\n  ');
      throw new Error(
        `Not ready after ${timeoutMs / 1000} s:\n  ${reasons}\n${await tableOf(daemon)}`,
      );
    }
    await sleep(POLL_MS);
  }
}

/**
 * Keeps the table on the screen up to date until the signal.
 *
 * @param {DaemonProcess} daemon
 * @param {string} footer
 * @param {AbortSignal} signal
 */
export async function showLive(daemon, footer, signal) {
  let shown = '';
  let redrawAt = 0;
  while (!signal.aborted) {
    const { metadata } = await daemon.modules();
    if (metadata.resourceVersion !== shown || performance.now() > redrawAt) {
      shown = metadata.resourceVersion;
      redrawAt = performance.now() + REDRAW_MS;
      // Home, the lines, and nothing of the old screen beside or after them.
      const lines = `${await tableOf(daemon)}${footer}`.split('\n');
      const fitting = lines.map((line) => line.slice(0, process.stdout.columns));
      process.stdout.write(`\u001b[H${fitting.join('\u001b[K\n')}\u001b[J`);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
  process.stdout.write('\n');
}
