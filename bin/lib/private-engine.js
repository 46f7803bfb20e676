import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_PATH, findProgram } from './apt.js';
import { forgetNetwork, rememberNetwork } from './engine-network.js';
import { askJson, exchange } from './http.js';
import { unmountBelow } from './mounts.js';
import { ENGINE_DIR, ENGINE_LINK } from './paths.js';
import { haveEnded, processesInOurNetwork, processesOf, signalAll } from './processes.js';
import { problemOf } from './engine-address.js';
import { say } from './run.js';

const RUN_DIR = join(ENGINE_DIR, 'run');
const DATA_ROOT = join(ENGINE_DIR, 'data');
const LOG = join(ENGINE_DIR, 'log');
const START_TIMEOUT_MS = 60_000;
/** Ten seconds is what the engine gives containers, and some more for itself. */
const STOP_TIMEOUT_MS = 30_000;

/** What DOCKER_HOST is for the private engine, whether it runs or not. */
export const PRIVATE_HOST = `unix://${join(RUN_DIR, 'docker.sock')}`;

const daemons = () =>
  processesOf(/^dockerd$/, [DATA_ROOT]).filter(({ argv }) => argv.includes(DATA_ROOT));
const everything = () => processesOf(/^(dockerd|containerd.*|docker-proxy)$/, [ENGINE_DIR]);

/** True when the private engine's process is there, answering or not. */
export function isRunning() {
  return daemons().length > 0;
}

/** Two engines in one network undo each other's firewall rules. */
function refuseSecondEngine() {
  const [other] = processesInOurNetwork(/^dockerd$/);
  if (other === undefined) return;
  const host = other.argv.find((argument) => argument.includes('://'))?.replace(/^--host=/, '');
  throw new Error(
    `Another Docker Engine runs on this machine (pid ${other.pid}) but not at a usual address, ` +
      `and a second one would disturb it. Set DOCKER_HOST to its address${host === undefined ? '' : `, perhaps "${host}"`}`,
  );
}

function launch() {
  const config = join(ENGINE_DIR, 'daemon.json');
  // Own configuration, so that one in /etc/docker cannot contradict the flags.
  writeFileSync(config, '{}\n');
  const log = openSync(LOG, 'a');
  const flags = {
    'config-file': config,
    'data-root': DATA_ROOT,
    'exec-root': join(RUN_DIR, 'exec'),
    pidfile: join(RUN_DIR, 'docker.pid'),
    host: PRIVATE_HOST,
    // A containerd of the machine is shared with others, if there is one.
    'containerd-namespace': 'registrar',
    'containerd-plugins-namespace': 'registrar-plugins',
  };
  const child = spawn(
    findProgram('dockerd') ?? 'dockerd',
    Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, PATH: ADMIN_PATH },
    },
  );
  child.once('error', () => {});
  closeSync(log);
  child.unref();
}

/** @returns {string} the end of the engine's log, with the reason it gave for ending */
function lastWords() {
  const lines = existsSync(LOG) ? readFileSync(LOG, 'utf8').trimEnd().split('\n') : [];
  return lines.slice(-15).join('\n');
}

async function waitUntilItAnswers() {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const problem = await problemOf(PRIVATE_HOST);
    if (problem === undefined) return;
    if (!isRunning())
      throw new Error(`The engine ended while starting. Its log ends:\n${lastWords()}`);
    if (performance.now() > deadline) {
      throw new Error(`The engine does not answer (${problem}). Its log ends:\n${lastWords()}`);
    }
    await sleep(100);
  }
}

/** Starts the private engine, or finds it running, and waits until it answers. */
export async function startPrivateEngine() {
  // One that others use is not ended, however long it takes to answer.
  if (isRunning()) return waitUntilItAnswers();
  // Whatever an engine that was killed left over would be in the way, and its pid file too.
  await stopPrivateEngine();
  refuseSecondEngine();
  say(`Starting a private Docker Engine under ${ENGINE_DIR}`);
  mkdirSync(RUN_DIR, { recursive: true, mode: 0o700 });
  if (ENGINE_LINK !== ENGINE_DIR) {
    rmSync(ENGINE_LINK, { recursive: true, force: true });
    symlinkSync(ENGINE_DIR, ENGINE_LINK);
  }
  await rememberNetwork(ENGINE_DIR);
  launch();
  await sleep(100);
  try {
    await waitUntilItAnswers();
  } catch (error) {
    await stopPrivateEngine();
    throw error;
  }
}

/** Containers that ignore the engine's request to end would hold up its end. */
async function removeContainers() {
  if ((await problemOf(PRIVATE_HOST)) !== undefined) return;
  const containers = await askJson(PRIVATE_HOST, 'GET', '/containers/json?all=1');
  await Promise.all(
    containers.map((/** @type {{ Id: string }} */ { Id }) =>
      exchange(PRIVATE_HOST, 'DELETE', `/containers/${Id}?force=1`, { timeoutMs: STOP_TIMEOUT_MS }),
    ),
  );
}

/** Ends the private engine with all that belongs to it. Resolves to false when there was nothing. */
export async function stopPrivateEngine() {
  const remaining = everything();
  if (remaining.length === 0 && !existsSync(ENGINE_DIR)) return false;
  await removeContainers().catch(() => say('Its containers do not go, killing them'));
  signalAll(daemons(), 'SIGTERM');
  if (!(await haveEnded(daemons(), STOP_TIMEOUT_MS))) say('The engine does not stop, killing it');
  const leftovers = [...remaining, ...everything()];
  signalAll(leftovers, 'SIGKILL');
  if (!(await haveEnded(leftovers, STOP_TIMEOUT_MS))) throw new Error('The engine cannot be ended');
  await forgetNetwork(ENGINE_DIR);
  await unmountBelow(ENGINE_DIR);
  rmSync(ENGINE_LINK, { recursive: true, force: true });
  rmSync(ENGINE_DIR, { recursive: true, force: true });
  return true;
}
