import { setTimeout } from 'node:timers/promises';
import type { Module, ModuleSpec } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import type { PolicySpec } from '../../src/model/policy.js';
import { isReady, startLoop } from './loop.js';
import type { Loop, LoopParts } from './loop.js';
import { goodRepository } from './module-repository.js';

/** The image that good repositories are built from. */
export const BASE = 'sample:1';

/** Repositories of the tests are folders of this machine. */
const LOCAL: PolicySpec['checks'] = [
  { id: 'manifest/repository-scheme', parameters: { schemes: ['file'] } },
];

/** A policy that admits repositories on this machine. */
export async function admit(
  { registry }: Pick<Loop, 'registry'>,
  spec: Partial<PolicySpec> = {},
  name = 'local',
): Promise<void> {
  const whole = { description: '', priority: 0, selector: {}, checks: LOCAL, signers: [], ...spec };
  await registry.create('Policy', {
    ...{ apiVersion: API_VERSION, kind: 'Policy', metadata: { name }, spec: whole },
  });
}

export const sourceOf = (repoUrl: string) => ({
  ...{ repoUrl, branch: 'main', commit: '', path: '.', dockerfile: 'Dockerfile' },
});

export const conditionOf = ({ status }: Module, type: string) =>
  status.conditions.find((condition) => condition.type === type);

export const buildsOf = ({ runtime }: Loop): number => runtime.count('buildImage');

/**
 * Git and threads take time that no test can turn: until it is so, half a minute at most. The clock
 * is turned by so many milliseconds at a time.
 */
export async function come(loop: Loop, done: () => boolean, stepMs = 100): Promise<void> {
  for (let step = 0; step < 1_500; step += 1) {
    if (done()) return;
    await loop.advance(stepMs);
    await setTimeout(20);
  }
  throw new Error(
    `Never came: ${done.toString()} ${JSON.stringify(loop.registry.list('Module').items.map(({ object }) => object.status.conditions))}`,
  );
}

export const messageOf = (loop: Loop, type: string): string =>
  conditionOf(loop.module('web'), type)?.message ?? '';

/** A loop with a module that runs what was built of the first commit of a repository. */
export async function withBuilt(spec: Partial<PolicySpec> = {}, parts: LoopParts = {}) {
  const loop = await startLoop(parts);
  const { repository, commit } = goodRepository(BASE);
  await admit(loop, spec);
  const apply = (changes: Partial<ModuleSpec> = {}): Promise<void> =>
    loop.apply('web', { image: '', source: sourceOf(repository.url), ...changes });
  await apply();
  await come(loop, () => isReady(loop.module('web')));
  const running = (): string[] => [...loop.runtime.engine.containers.keys()];
  return { loop, repository, commit, apply, running };
}
