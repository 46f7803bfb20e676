import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askJson, exchange } from './http.js';
import { ROOT } from './paths.js';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 40_000;
const MODULES = '/apis/registrar.synapsis.network/v1/modules';

/**
 * The port that is asked for when it is free, else any that is.
 *
 * @param {number} preferred
 * @returns {Promise<number>}
 */
export async function freePort(preferred) {
  const probe = createServer();
  try {
    probe.listen(preferred, '127.0.0.1');
    await once(probe, 'listening');
    const address = probe.address();
    return address !== null && typeof address === 'object' ? address.port : preferred;
  } catch (error) {
    if (preferred === 0) throw error;
    return freePort(0);
  } finally {
    probe.close();
  }
}

/** A `registrar daemon` of its own, and its API. */
export class DaemonProcess {
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  #folder;

  /**
   * @param {string} folder where `config` is, and where `data` and `log` are made
   * @param {string} dockerHost
   * @param {number} port
   */
  constructor(folder, dockerHost, port) {
    this.#folder = folder;
    const flags = {
      'config-dir': join(folder, 'config'),
      'data-dir': this.dataDir,
      'docker-host': dockerHost,
      port: String(port),
    };
    const log = openSync(this.logFile, 'a');
    this.#child = spawn(
      process.execPath,
      [
        join(ROOT, 'bin', 'registrar'),
        'daemon',
        ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
      ],
      // Its own group: an interrupt from the keyboard is for the demo, which ends it in order.
      { detached: true, stdio: ['ignore', log, log] },
    );
    closeSync(log);
  }

  get dataDir() {
    return join(this.#folder, 'data');
  }

  /** Its API for this user of this machine. */
  get #socket() {
    return `unix://${join(this.dataDir, 'registrar.sock')}`;
  }

  /** Where the daemon says that it listens, from when it does. */
  get #note() {
    return join(this.dataDir, 'listening.json');
  }

  /** Its API for others, once it answers. */
  get url() {
    return JSON.parse(readFileSync(this.#note, 'utf8')).url;
  }

  get logFile() {
    return join(this.#folder, 'log');
  }

  get hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #lastWords() {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
  }

  /** Resolves when the API answers. */
  async answers() {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const answer = await exchange(this.#socket, 'GET', '/healthz').catch(() => undefined);
      if (answer !== undefined && existsSync(this.#note)) return;
      if (this.hasEnded) throw new Error(`The daemon ended:\n${this.#lastWords()}`);
      if (performance.now() > deadline) {
        throw new Error(`The daemon does not answer:\n${this.#lastWords()}`);
      }
      await sleep(100);
    }
  }

  /** The list of modules, as the API gives it. */
  async modules() {
    if (this.hasEnded) throw new Error(`The daemon ended:\n${this.#lastWords()}`);
    return askJson(this.#socket, 'GET', MODULES);
  }

  /** Tells the daemon that files vanished on purpose; resolves to whether it held back for them. */
  async confirmPrune() {
    const { status } = await exchange(this.#socket, 'POST', '/configz/confirm-prune');
    return status < 300;
  }

  /** Ends it and waits; containers keep running. */
  async stop() {
    if (this.hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(late);
  }
}
