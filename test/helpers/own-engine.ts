import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { ADMIN_PATH, findProgram } from '../../bin/lib/apt.js';
import { problemOf } from '../../bin/lib/engine-address.js';
import { ensureSampleImage } from '../../bin/lib/sample-image.js';

const PROGRAMS = ['dockerd', 'iptables', 'unshare', 'nsenter', 'ip'];
const OWN = ['--net', '--mount', '--pid'];
/**
 * Ends with the test's process: what it holds, and all that runs in it, ends with it. Engine 20.10
 * has its id from a key in /etc/docker.
 */
const HOLD = `mount -t tmpfs tmpfs /run && ip link set lo up &&
  { [ ! -d /etc/docker ] || mount -t tmpfs tmpfs /etc/docker; } && echo up && cat`;
const CGROUPS = '/sys/fs/cgroup';

/** A Docker Engine for one test, which may do with it what it likes. */
export interface OwnEngine {
  /** Address for a runtime. */
  readonly host: string;
  /** Starts it, also again after `end`; resolves when it answers. */
  start(): Promise<void>;
  /** Ends its process alone; resolves when it has ended. What becomes of containers is its own affair. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Program and arguments that run a program in the network of the engine. */
  inNetwork(...command: string[]): [string, string[]];
}

/** Why there can be no such engine here; undefined when there can. */
export function whyNoOwnEngine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can';
  const missing = PROGRAMS.find((program) => findProgram(program) === undefined);
  if (missing !== undefined) return `${missing} is not installed`;
  try {
    execFileSync('unshare', [...OWN, '--fork', '--mount-proc', 'true'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'this system refuses namespaces';
  }
}

/**
 * Starts an engine with the sample image, in namespaces of its own: it disturbs no other, and nothing
 * of it is left after the test. `DOCKER_HOST` of this process is its address until then.
 */
export async function ownEngine(settings: object = {}): Promise<OwnEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-engine-'));
  const holder = spawn('unshare', [...OWN, '--fork', '--mount-proc', 'sh', '-c', HOLD], {
    env: { ...process.env, PATH: ADMIN_PATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const before = process.env['DOCKER_HOST'];
  onTestFinished(async () => {
    process.env['DOCKER_HOST'] = before;
    await leave(holder, folder);
  });
  await Promise.race([once(holder.stdout, 'data'), failed(holder, () => 'no namespaces')]);
  const engine = engineIn(folder, childOf(holder), settings);
  await engine.start();
  process.env['DOCKER_HOST'] = engine.host;
  await ensureSampleImage(engine.host);
  return engine;
}

function engineIn(folder: string, holder: number, settings: object): OwnEngine {
  const host = `unix://${join(folder, 'docker.sock')}`;
  const enter = (namespaces: readonly string[], command: readonly string[]): [string, string[]] => [
    'nsenter',
    ['--target', String(holder), ...namespaces, '--', ...command],
  ];
  let running: ChildProcess | undefined;
  return {
    host,
    start: async () => {
      const [program, args] = enter(OWN, commandLine(folder, host, settings));
      running = launch(program, args, folder);
      const lastWords = (): string => readFileSync(join(folder, 'log'), 'utf8').slice(-2000);
      await Promise.race([answering(host), failed(running, lastWords)]);
    },
    end: async (signal) => {
      if (running === undefined) return;
      const ended = once(running, 'exit');
      process.kill(childOf(running), signal);
      await ended;
    },
    inNetwork: (...command) => enter(['--net'], command),
  };
}

function commandLine(folder: string, host: string, settings: object): string[] {
  const config = join(folder, 'daemon.json');
  writeFileSync(config, JSON.stringify(settings));
  const flags = {
    ...{ 'config-file': config, host, pidfile: join(folder, 'pid') },
    ...{ 'data-root': join(folder, 'data'), 'exec-root': join(folder, 'exec') },
    ...{ 'exec-opt': 'native.cgroupdriver=cgroupfs', 'cgroup-parent': `/${basename(folder)}` },
  };
  return ['dockerd', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])];
}

function launch(program: string, args: readonly string[], folder: string): ChildProcess {
  const log = openSync(join(folder, 'log'), 'a');
  const env = { ...process.env, PATH: ADMIN_PATH };
  const child = spawn(program, args, { env, stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

/** The process that unshare and nsenter start and wait for. */
function childOf({ pid = 0 }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
}

async function answering(host: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await problemOf(host)) === undefined) return;
    await sleep(50);
  }
  throw new Error(`The engine at ${host} does not answer`);
}

async function failed(child: ChildProcess, why: () => string): Promise<never> {
  await once(child, 'exit');
  throw new Error(`The engine does not start: ${why()}`);
}

/** Once the first process of its namespaces has ended there is no other in them, and no mount. */
async function leave(holder: ChildProcess, folder: string): Promise<void> {
  const ended = once(holder, 'exit');
  holder.stdin?.end();
  await ended;
  rmSync(folder, { recursive: true, force: true });
  for (const path of ownFolders(basename(folder))) rmdirSync(path);
}

/** Folders of its control groups, those within others first. */
function ownFolders(name: string): string[] {
  const roots = [CGROUPS, ...readdirSync(CGROUPS).map((one) => join(CGROUPS, one))];
  return roots.flatMap((root) => foldersBelow(join(root, name))).toReversed();
}

function foldersBelow(path: string): string[] {
  try {
    const inside = readdirSync(path, { withFileTypes: true }).filter((one) => one.isDirectory());
    return [path, ...inside.flatMap(({ name }) => foldersBelow(join(path, name)))];
  } catch {
    return [];
  }
}
