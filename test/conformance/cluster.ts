import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { parse } from 'yaml';
import { findCondition } from '../../src/model/conditions.js';
import { ensureKubectl } from '../../bin/lib/test-clients.js';
import { aSite, eventually } from '../helpers/daemon.js';
import type { DaemonProcess, Site } from '../helpers/daemon.js';
import { versionsOf } from './kubectl.js';
import type { Versions } from './kubectl.js';
import { MANIFESTS } from './manifests.js';
import { runCommand, startCommand } from './shell.js';
import type { Background, Ran, Terminal } from './shell.js';
import { ask } from './wire.js';
import type { Connection } from './wire.js';

export const MODULES = '/apis/registrar.synapsis.network/v1/modules';

/**
 * A daemon on the real engine and a folder with the manifests of the checklist to type commands in.
 * kubectl is an admin when nothing else is said.
 */
export class Cluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'registrar-conformance-'));
  #connection: Connection | undefined;
  #versions: Versions | undefined;
  #daemon: DaemonProcess | undefined;

  constructor(readonly site: Site) {}

  get terminal(): Terminal {
    const home = join(this.folder, 'home');
    const { PATH } = process.env;
    return {
      cwd: this.folder,
      env: { PATH, HOME: home, TMPDIR: home, KUBECONFIG: join(this.folder, 'admin.kubeconfig') },
    };
  }

  /** Of the admin. */
  get connection(): Connection {
    if (this.#connection === undefined) throw new Error('The daemon has not been started');
    return this.#connection;
  }

  get versions(): Versions {
    if (this.#versions === undefined) throw new Error('The daemon has not been started');
    return this.#versions;
  }

  async start(): Promise<void> {
    mkdirSync(join(this.folder, 'home'));
    for (const [name, text] of Object.entries(MANIFESTS)) this.write(name, text);
    if ((await ensureKubectl()) === undefined) throw new Error('There is no kubectl');
    this.#daemon = await this.site.start();
    this.#connection = connectionIn(await this.#writeKubeconfig('admin'));
    this.#versions = await versionsOf(this.terminal);
  }

  /** Makes a token with Registrar's own command, and a kubeconfig for it. */
  async admit(name: string, ...flags: readonly string[]): Promise<void> {
    const made = await this.site.cli(['token', 'create', name, ...flags]);
    if (made.code !== 0) throw new Error(`registrar token create failed: ${made.stderr}`);
    await this.#writeKubeconfig(name, '--token', made.stdout.trim());
  }

  /** Writes `NAME.kubeconfig`, and resolves to what is in it. */
  async #writeKubeconfig(name: string, ...flags: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.site.cli(['kubeconfig', ...flags]);
    if (code !== 0) throw new Error(`registrar kubeconfig failed: ${stderr}`);
    this.write(`${name}.kubeconfig`, stdout);
    return stdout;
  }

  /** What the daemon wrote so far. */
  log(): string {
    return this.#daemon?.log() ?? '';
  }

  /** Ends the daemon; containers stay. */
  async stop(): Promise<void> {
    await this.#daemon?.end();
  }

  /** Starts the daemon at the port where it was, after ending it if it runs. */
  async restart(): Promise<void> {
    await this.stop();
    const { port } = new URL(this.connection.url);
    this.#daemon = await this.site.start(['--port', port]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text, { mode: 0o600 });
  }

  run(command: string): Promise<Ran> {
    return runCommand(command, this.terminal);
  }

  /** Like run; throws when it fails. */
  async mustRun(command: string): Promise<void> {
    const { code, stderr } = await this.run(command);
    if (code !== 0) throw new Error(`"${command}" failed: ${stderr}`);
  }

  create(file: string): Promise<void> {
    return this.mustRun(`kubectl create -f ${file}`);
  }

  /** Waits until the controller has nothing to do for a module. */
  async untilSettled(name: string): Promise<void> {
    await eventually(async () => {
      const { metadata, status } = await this.module(name);
      return status.observedGeneration === metadata.generation && status.phase !== 'Deploying';
    }, `${name} is settled`);
  }

  async untilReady(name: string): Promise<void> {
    await eventually(async () => {
      const { metadata, status } = await this.module(name);
      const ready = findCondition(status.conditions, 'Ready');
      return ready?.status === 'True' && ready.observedGeneration === metadata.generation;
    }, `${name} is Ready`);
  }

  /** Runs a command beside the test. */
  beside(command: string): Background {
    return startCommand(command, this.terminal);
  }

  /** A module as the server has it, read without kubectl; undefined when there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async module(name: string): Promise<any> {
    const { code, json } = await ask(this.connection, 'GET', `${MODULES}/${name}`);
    return code === 404 ? undefined : json;
  }
}

/** One for the tests of a file; `prepare` brings it to where the items before them would have. */
export function aCluster(prepare?: (cluster: Cluster) => Promise<void>): Cluster {
  const cluster = new Cluster(aSite({ atEnd: afterAll }));
  beforeAll(async () => {
    await cluster.start();
    await prepare?.(cluster);
  });
  afterAll(() => cluster.remove());
  return cluster;
}

/** What a kubeconfig says. */
function connectionIn(kubeconfig: string): Connection {
  const { clusters, users } = parse(kubeconfig);
  const [{ cluster }] = clusters;
  return {
    url: cluster.server,
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
    token: users[0].user.token,
  };
}
