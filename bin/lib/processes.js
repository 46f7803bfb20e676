import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {object} Process
 * @property {number} pid
 * @property {number} parent
 * @property {string} startTime tells a process from a later one with the same id
 * @property {readonly string[]} argv
 */

/**
 * @param {number} pid
 * @returns {Process | undefined} undefined when it is gone or only waits to be reaped
 */
function look(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, also spaces and parentheses.
    const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z') return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { pid, parent: Number(parent), startTime: rest[17] ?? '', argv };
  } catch {
    return undefined;
  }
}

/** @returns {Process[]} */
function allProcesses() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => look(Number(name)) ?? []);
}

/** @param {number | 'self'} pid @returns {string} its network namespace, empty when it is gone */
function networkOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

/**
 * Processes that run one of `programs` and share the network of this process.
 *
 * @param {RegExp} programs
 */
export function processesInOurNetwork(programs) {
  const ours = networkOf('self');
  return allProcesses().filter(
    ({ pid, argv }) => programs.test(basename(argv[0] ?? '')) && networkOf(pid) === ours,
  );
}

/**
 * Processes that run one of `programs` with an argument that is one of `paths` or lies below one,
 * and all their descendants. Looking at both keeps an editor on a log file out of it.
 *
 * @param {RegExp} programs
 * @param {readonly string[]} paths
 * @returns {Process[]}
 */
export function processesOf(programs, paths) {
  const all = allProcesses();
  /** @param {string} argument */
  const within = (argument) =>
    paths.some((path) => argument === path || argument.startsWith(`${path}/`));
  const found = all.filter(
    ({ argv }) => programs.test(basename(argv[0] ?? '')) && argv.slice(1).some(within),
  );
  for (const { pid } of found) {
    found.push(...all.filter((child) => child.parent === pid && !found.includes(child)));
  }
  return found;
}

/** @param {Process} process */
export function isAlive(process) {
  return look(process.pid)?.startTime === process.startTime;
}

/**
 * Signals those that still are the processes that were found.
 *
 * @param {readonly Process[]} processes
 * @param {NodeJS.Signals} signal
 */
export function signalAll(processes, signal) {
  for (const found of processes.filter(isAlive)) {
    try {
      process.kill(found.pid, signal);
    } catch (error) {
      // It ended just now.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/**
 * True when all of them have ended, false after `timeoutMs`.
 *
 * @param {readonly Process[]} processes
 * @param {number} timeoutMs
 */
export async function haveEnded(processes, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  while (processes.some(isAlive)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}
