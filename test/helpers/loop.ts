import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Controller } from '../../src/controller/controller.js';
import type { ControllerOptions } from '../../src/controller/controller-options.js';
import { silentLog } from '../../src/lib/log.js';
import { draftOf } from '../../src/model/draft.js';
import type { Module, ModuleSpec } from '../../src/model/module.js';
import { brokenStatusRules } from '../../src/model/status-rules.js';
import { openRegistry } from '../../src/registry/open.js';
import type { Registry } from '../../src/registry/registry.js';
import { keepFresh } from '../../src/triggers/engine-watch.js';
import { followStore } from '../../src/triggers/store.js';
import { aManifest } from './builders.js';
import { FakeClock } from './fake-clock.js';
import { preparationParts } from './preparation-parts.js';
import { MemoryRuntime } from './memory-runtime.js';

/** A running loop on a real registry, an engine in memory and a clock that the test moves. */
export interface Loop {
  readonly clock: FakeClock;
  readonly registry: Registry;
  readonly runtime: MemoryRuntime;
  readonly controller: Controller;
  /** Stores a module. */
  apply(name: string, spec?: Partial<ModuleSpec>): Promise<void>;
  module(name: string): Module;
  /** Lets the loop work, moving time on in small steps, until `done`, at most ten minutes of it. */
  until(done: () => boolean): Promise<void>;
  /** Moves time on. */
  advance(milliseconds: number): Promise<void>;
  /** Ends the loop as a kill would, except that what is under way is waited for. */
  stop(): Promise<void>;
}

export interface LoopParts {
  readonly clock?: FakeClock;
  readonly runtime?: MemoryRuntime;
  readonly registry?: Registry;
  readonly options?: Partial<ControllerOptions>;
}

/** A change takes no time: containers count as soon as they run. */
const AT_ONCE: ModuleSpec['strategy'] = {
  ...{ type: 'Recreate', maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 600 },
  ...{ minReadySeconds: 0, autoRollback: true },
};

/** Opens a registry in a directory that goes with the test. */
export async function tempRegistry(clock: FakeClock): Promise<Registry> {
  const dataDir = mkdtempSync(join(tmpdir(), 'registrar-loop-'));
  const registry = await openRegistry({ dataDir, clock });
  onTestFinished(async () => {
    await registry.close();
    rmSync(dataDir, { recursive: true });
  });
  return registry;
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-loop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every status that is ever written keeps the rules of a status. */
function watchStatuses(registry: Registry): () => void {
  return registry.watch('Module', registry.resourceVersion, ({ stored: { object } }) => {
    if (object.status.conditions.length === 0) return;
    const broken = brokenStatusRules(object.status, object.metadata.generation);
    if (broken.length > 0)
      throw new Error(`${broken.join('; ')}: ${JSON.stringify(object.status)}`);
  });
}

export async function startLoop(parts: LoopParts = {}): Promise<Loop> {
  const clock = parts.clock ?? new FakeClock();
  const registry = parts.registry ?? (await tempRegistry(clock));
  const { instanceId } = registry;
  const runtime = parts.runtime ?? new MemoryRuntime({ clock, instanceId });
  if (parts.runtime === undefined) runtime.engine.addImage('sample:1');
  const options = {
    ...{ registry, runtime, clock, log: silentLog },
    ...preparationParts(tempFolder()),
    ...parts.options,
  };
  const controller = new Controller(options);
  const ended = new AbortController();
  const enqueue = (modules: Iterable<string> | 'all'): void => controller.enqueue(modules);
  const ends = [followStore(registry, enqueue), watchStatuses(registry)];
  controller.start();
  const fresh = keepFresh(controller.observer, clock, ended.signal, enqueue);
  const stop = async (): Promise<void> => {
    ended.abort();
    ends.splice(0).forEach((end) => end());
    await controller.stop();
    await fresh;
  };
  onTestFinished(stop);
  const find = (name: string) => registry.get('Module', name)?.object;
  return {
    ...{ clock, registry, runtime, controller, stop },
    apply: async (name, spec) => {
      const manifest = aManifest(name, { strategy: AT_ONCE, ...spec });
      if (find(name) === undefined) await registry.create('Module', draftOf(manifest));
      else await registry.update('Module', name, (current) => draftOf(manifest, { current }));
    },
    module: (name) => {
      const module = find(name);
      if (module === undefined) throw new Error(`No module ${name}`);
      return module;
    },
    until: async (done) => {
      for (let step = 0; step < 1_200; step += 1) {
        if (done()) return;
        await clock.advance(500);
      }
      const state = registry.list('Module').items.map(({ json }) => json);
      throw new Error(`Never came to pass: ${done.toString()}; ${state.join('\n')}`);
    },
    advance: (milliseconds) => clock.advance(milliseconds),
  };
}

/** True when a module's newest generation is Ready. */
export function isReady({ status, metadata }: Module): boolean {
  const ready = status.conditions.find((condition) => condition.type === 'Ready');
  return ready?.status === 'True' && ready.observedGeneration === metadata.generation;
}

/** Why a module is not Ready. */
export function readyReason({ status }: Module): string {
  return status.conditions.find((condition) => condition.type === 'Ready')?.reason ?? '';
}
