import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import type { Clock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import type { Event } from '../../src/model/event.js';
import type { Module } from '../../src/model/module.js';
import { CONTAINERS_FINALIZER } from '../../src/model/names.js';
import type { Registry } from '../../src/registry/registry.js';
import { watchConfigDirectory } from '../../src/triggers/config/directory.js';
import type { ConfigDirectory } from '../../src/triggers/config/directory.js';
import { openTempRegistry } from './temp-registry.js';
import type { TempRegistry } from './temp-registry.js';

/** Time that runs faster, so that waiting for files to settle does not make tests slow. */
export function fastClock(factor: number): Clock {
  return {
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic() * factor,
    after: (delayMs, fire) => systemClock.after(delayMs / factor, fire),
  };
}

/** One document that declares a module. */
export function yamlOf(name: string, version = '1.0.0'): string {
  return [
    'apiVersion: registrar.synapsis.network/v1',
    'kind: Module',
    `metadata: { name: ${name} }`,
    `spec: { version: ${version}, type: miner, license: MIT, image: "sample:1" }`,
    '',
  ].join('\n');
}

/** One document that declares a policy. */
export function policyYaml(name: string, priority = 0): string {
  return [
    'apiVersion: registrar.synapsis.network/v1',
    'kind: Policy',
    `metadata: { name: ${name} }`,
    `spec: { priority: ${priority} }`,
    '',
  ].join('\n');
}

/** Many of them in one text. */
export function yamlOfAll(...names: string[]): string {
  return names.map((name) => yamlOf(name)).join('---\n');
}

/** A config directory in a folder of its own, watched for a real registry. */
export class ConfigWorld {
  readonly root = mkdtempSync(join(tmpdir(), 'registrar-config-'));
  readonly directory = join(this.root, 'config');
  readonly noticed: string[][] = [];
  /** What `policyProblem` said each time that it changed. */
  readonly policyProblems: (string | undefined)[] = [];
  readonly #store: TempRegistry;
  #config: ConfigDirectory | undefined;
  #rescanMs = 2_000;

  constructor(store: TempRegistry) {
    this.#store = store;
  }

  get registry(): Registry {
    return this.#store.registry;
  }

  get config(): ConfigDirectory {
    if (this.#config === undefined) throw new Error('Not started');
    return this.#config;
  }

  /** Begins to watch; resolves when what is there is stored. */
  async start(rescanMs = this.#rescanMs): Promise<void> {
    this.#rescanMs = rescanMs;
    this.#config = await watchConfigDirectory({
      directory: this.directory,
      registry: this.registry,
      clock: fastClock(4),
      log: silentLog,
      rescanMs,
      onNotice: (modules) => this.noticed.push([...modules]),
      onPolicyProblem: () => this.policyProblems.push(this.#config?.policyProblem()),
    });
    this.#releaseDeleted(this.registry);
    await this.#config.ready;
  }

  async stop(): Promise<void> {
    await this.#config?.close();
    this.#config = undefined;
  }

  /** Stops, lets something happen meanwhile, and starts on a registry that was opened again. */
  async restart(meanwhile: () => void | Promise<void>): Promise<void> {
    await this.stop();
    await meanwhile();
    await this.#store.reopen();
    await this.start();
  }

  path(file: string): string {
    return join(this.directory, file);
  }

  write(file: string, text: string | Buffer): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  remove(file: string): void {
    rmSync(this.path(file), { recursive: true });
  }

  rename(from: string, to: string): void {
    mkdirSync(dirname(this.path(to)), { recursive: true });
    renameSync(this.path(from), this.path(to));
  }

  /** Names of the modules that are there to stay. */
  names(): string[] {
    return this.#modules()
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name);
  }

  module(name: string): Module {
    const stored = this.registry.get('Module', name);
    if (stored === undefined) throw new Error(`There is no module "${name}"`);
    return stored.object;
  }

  version(name: string): string | undefined {
    return this.registry.get('Module', name)?.object.spec.version;
  }

  /** `reason about: message` of each event. */
  events(reason?: string): string[] {
    return this.#events()
      .filter((event) => reason === undefined || event.reason === reason)
      .map(
        ({ reason: why, involvedObject, message }) => `${why} ${involvedObject.name}: ${message}`,
      );
  }

  /** How often all events with the reason happened. */
  count(reason: string): number {
    const events = this.#events().filter((event) => event.reason === reason);
    return events.reduce((sum, event) => sum + event.count, 0);
  }

  /** Lines about a file, joined. */
  problem(file: string): string {
    const problem = this.config.problems().find((one) => one.file === file);
    return problem?.errors.join('\n') ?? '';
  }

  /** Waits until an expectation holds. */
  async until(expectation: () => void): Promise<void> {
    await vi.waitFor(expectation, { timeout: 30_000, interval: 10 });
  }

  /** Waits until all that was written before has been looked at: a file more is taken up. */
  async pass(): Promise<void> {
    const name = `probe-${this.#probe++}`;
    this.write(`${name}.yaml`, yamlOf(name));
    await this.until(() => {
      if (!this.names().includes(name)) throw new Error(`No module "${name}" yet`);
    });
  }

  #probe = 0;

  #modules(): Module[] {
    return this.registry.list('Module').items.map(({ object }) => object);
  }

  #events(): Event[] {
    return this.registry.list('Event').items.map(({ object }) => object);
  }

  /** What the controller does once the containers are gone. */
  #releaseDeleted(registry: Registry): void {
    registry.watch('Module', registry.resourceVersion, ({ name, stored }) => {
      if (stored.object.metadata.deletionTimestamp === undefined) return;
      const release = (current: Module): Module => {
        const { finalizers = [], ...metadata } = current.metadata;
        const left = finalizers.filter((finalizer) => finalizer !== CONTAINERS_FINALIZER);
        return { ...current, metadata: { ...metadata, finalizers: left } };
      };
      registry.update('Module', name, release).catch(() => undefined);
    });
  }
}

/** An empty config directory that is gone when the test ends; not watched yet. */
export async function openConfigWorld(): Promise<ConfigWorld> {
  const world = new ConfigWorld(await openTempRegistry());
  mkdirSync(world.directory);
  onTestFinished(async () => {
    await world.stop();
    rmSync(world.root, { recursive: true, force: true });
  });
  return world;
}
