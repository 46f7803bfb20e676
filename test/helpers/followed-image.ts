import type { Module, ModuleSpec } from '../../src/model/module.js';
import { admit, conditionOf } from './built-modules.js';
import { startLoop } from './loop.js';
import type { Loop, LoopParts } from './loop.js';

/** The tag that modules of these tests follow. */
export const FOLLOWED = 'r.example/web:1';

type Updates = Partial<ModuleSpec['updates']>;

const FOLLOW = { policy: 'Follow', intervalSeconds: 10, cooldownSeconds: 0 } as const;

/** Updates of a module that takes up what is new as soon as it is seen. */
export const followAtOnce = (more: Updates = {}): ModuleSpec['updates'] => ({ ...FOLLOW, ...more });

/** A loop with a registry of images in which a tag can be moved: nothing in it takes real time. */
export async function withRegistry(parts: LoopParts = {}) {
  const loop = await startLoop(parts);
  await admit(loop, { checks: [{ id: 'manifest/image-registry', mode: 'off' }] });
  return { loop, publish: () => publishTo(loop) };
}

/** Moves the tag to another image; returns its digest. */
export function publishTo({ runtime: { engine } }: Loop): string {
  const { digest = '', ...image } = engine.publish(FOLLOWED);
  engine.publish(`${FOLLOWED}@${digest}`, { ...image, digest });
  return digest;
}

export const upToDate = (module: Module) => conditionOf(module, 'UpToDate');

/** What became of the events of a loop, oldest first. */
export const reasonsIn = ({ registry }: Loop): string[] =>
  registry.list('Event').items.map(({ object }) => object.reason);
