import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { docker, dockerHost, removeInstance, SAMPLE_IMAGE } from './engine.js';

const ENTRY = resolve('bin/registrar');

/** A policy that admits images of any registry, also of one that a test runs. */
export const ANY_REGISTRY = `apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata: { name: any-registry }
spec:
  checks: [{ id: manifest/image-registry, mode: "off" }]
`;

/** A policy that admits repositories of this machine. */
export const LOCAL_REPOSITORIES = `apiVersion: registrar.synapsis.network/v1
kind: Policy
metadata: { name: local }
spec:
  checks: [{ id: manifest/repository-scheme, parameters: { schemes: [file] } }]
`;

/** What a command left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Folders of a daemon, and what outlives its process. Everything goes with the test. */
export interface Site {
  readonly configDir: string;
  readonly dataDir: string;
  /** Runs the CLI against this site; `input` is its standard input. */
  cli(args: readonly string[], input?: string): Promise<Ran>;
  /** Writes a file of the config directory. */
  declare(file: string, text: string): void;
  /** Starts a daemon, on any port unless the flags name one, and waits until it answers. */
  start(flags?: readonly string[]): Promise<DaemonProcess>;
  /** Ids and names of the containers of this registrar, also stopped ones. */
  containers(): Promise<{ id: string; name: string; state: string; module: string }[]>;
  /** Id of this registrar. */
  instanceId(): string;
}

export interface DaemonProcess {
  readonly pid: number;
  /** Standard error so far. */
  log(): string;
  /** Resolves when it is over, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Sends a signal and waits for the end; resolves to the exit code, null after a kill. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs a program to its end. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv, input = ''): Promise<Ran> {
  const child = spawn(process.execPath, [ENTRY, ...args], { env });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...output };
}

export interface SiteOptions {
  /** A folder that the test prepared. */
  readonly dataDir?: string;
  /**
   * When to clean up: after the test if not given, `afterAll` for a site that the tests of a file
   * share, `onTestFinished` of its context for a test beside others.
   */
  readonly atEnd?: AtEnd;
  /** Variables for the daemons, beside those of this process. */
  readonly daemonEnv?: Readonly<Record<string, string>>;
}

export type AtEnd = (cleanUp: () => Promise<void>) => void;

/** A site in a temporary folder. */
export function aSite(prepared: SiteOptions = {}): Site {
  const { atEnd = onTestFinished, daemonEnv = {} } = prepared;
  const folder = mkdtempSync(join(tmpdir(), 'registrar-e2e-'));
  const configDir = join(folder, 'config');
  const dataDir = prepared.dataDir ?? join(folder, 'data');
  mkdirSync(configDir);
  const { REGISTRAR_SERVER: _s, REGISTRAR_TOKEN: _t, ...inherited } = process.env;
  const env = { ...inherited, REGISTRAR_DATA_DIR: dataDir, DOCKER_HOST: dockerHost() };
  const daemons: DaemonProcess[] = [];
  const instanceId = (): string => readInstanceId(dataDir);
  atEnd(async () => {
    await Promise.all(daemons.map((daemon) => daemon.end('SIGKILL')));
    if (existsSync(join(dataDir, 'registrar.db'))) await removeInstance(instanceId());
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...{ configDir, dataDir, instanceId },
    cli: (args, input) => run(args, env, input),
    declare: (file, text) => writeFileSync(join(configDir, file), text),
    start: async (flags = []) => {
      const where = ['--config-dir', configDir, '--data-dir', dataDir];
      const port = flags.includes('--port') ? [] : ['--port', '0'];
      const daemon = startProcess(['daemon', ...where, ...port, ...flags], {
        ...env,
        ...daemonEnv,
      });
      daemons.push(daemon);
      await answers(daemon);
      return daemon;
    },
    containers: async () => {
      const label = [`registrar.synapsis.network/instance=${instanceId()}`];
      const list = await docker().listContainers({ all: true, filters: { label } });
      return list.map(({ Id, Names, State, Labels }) => ({
        ...{ id: Id, name: Names[0]?.slice(1) ?? '', state: State },
        module: Labels['registrar.synapsis.network/module'] ?? '',
      }));
    },
  };
}

function readInstanceId(dataDir: string): string {
  const database = new Database(join(dataDir, 'registrar.db'), { readonly: true });
  try {
    const row = database.prepare("SELECT value FROM meta WHERE key = 'instance_id'").get();
    return (row as { value: string }).value;
  } finally {
    database.close();
  }
}

function startProcess(args: readonly string[], env: NodeJS.ProcessEnv): DaemonProcess {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close');
  return {
    pid: child.pid ?? 0,
    ...{ log: () => log, ended },
    end: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

async function answers(daemon: DaemonProcess): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    if (daemon.log().includes('Registrar listens on')) return;
    await sleep(50);
  }
  throw new Error(`The daemon does not answer: ${daemon.log()}`);
}

/** Tries until `done` says so, for at most a minute. */
export async function eventually(
  done: () => Promise<boolean> | boolean,
  what: string,
): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await done()) return;
    await sleep(100);
  }
  throw new Error(`Never came to pass: ${what}`);
}

/**
 * A manifest as a person writes it. `spec` is YAML lines of the spec, indented by two. Without a
 * command the sample image waits for ever, and ends when asked to.
 */
export function manifest(name: string, spec = ''): string {
  return `apiVersion: registrar.synapsis.network/v1
kind: Module
metadata:
  name: ${name}
spec:
  version: 1.0.0
  type: miner
  license: MIT
  image: ${SAMPLE_IMAGE}
  strategy: { minReadySeconds: 0 }
${spec}`;
}

/** Waits until a module exists and is Ready. */
export async function becomesReady(site: Site, module: string): Promise<void> {
  const wait = ['wait', `module/${module}`, '--for=condition=Ready', '--timeout=60s'];
  await eventually(async () => (await site.cli(wait)).code === 0, `${module} is Ready`);
}
