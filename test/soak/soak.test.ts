import { expect, onTestFinished, test } from 'vitest';
import { aSite, manifest } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { printFigures } from '../helpers/figures.js';
import { ownEngine } from '../helpers/own-engine.js';
import { lifeOf, modulesOf, nameOf } from '../helpers/live-modules.js';
import type { Life } from '../helpers/live-modules.js';
import { universalCheck } from './check.js';
import { CHANGES, DECLARED, FAULTS } from './faults.js';
import { Random } from './random.js';
import { growth, usageOf } from './usage.js';
import type { Usage } from './usage.js';
import { World } from './world.js';

const { SOAK_MINUTES = '5', SOAK_SEED = '1' } = process.env;

/** How often something is done to a module in place of something that goes wrong. */
const CHANGE_SHARE = 0.4;
/** Modules at the beginning. */
const MODULES = 5;

/** A container of somebody else. */
async function aCanary(): Promise<Life> {
  const made = await docker().createContainer({ Image: SAMPLE_IMAGE, name: nameOf('foreign') });
  onTestFinished(() => made.remove({ force: true }));
  await made.start();
  return lifeOf(made.id);
}

async function aWorld(seed: number): Promise<World> {
  const engine = await ownEngine({ 'live-restore': true });
  const site = aSite();
  const world = new World({
    ...{ site, engine, proxy: await engineProxy(), modules: modulesOf(site) },
    random: new Random(seed),
  });
  site.declare(DECLARED, manifest('declared'));
  await world.start();
  for (let count = 0; count < MODULES; count += 1) await world.create();
  return world;
}

test('whatever goes wrong, it ends as asked for, and nothing else is touched', async () => {
  const world = await aWorld(Number(SOAK_SEED));
  const canary = await aCanary();
  const violations = await universalCheck(world, canary);
  const usages: Usage[] = [];
  const end = Date.now() + Number(SOAK_MINUTES) * 60_000;
  while (Date.now() < end) {
    const from = world.random.next() < CHANGE_SHARE ? CHANGES : FAULTS;
    const { title, strike } = world.random.pick(from);
    const trouble = await strike(world).then(
      () => [],
      (error: unknown) => [String(error)],
    );
    world.count(title);
    const found = [...trouble, ...(await universalCheck(world, canary))];
    violations.push(...found.map((what) => `after "${title}": ${what}`));
    for (const what of found) process.stdout.write(`violation after "${title}": ${what}\n`);
    usages.push(usageOf(world.running.pid));
  }
  print(world, usages, violations);
  expect(violations).toEqual([]);
});

function print(world: World, usages: readonly Usage[], violations: readonly string[]): void {
  const counts = [...world.counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const grown = growth(usages);
  printFigures(`A soak of ${SOAK_MINUTES} minutes, seed ${SOAK_SEED}`, [
    ['what', 'how often'],
    ...counts.map(([what, count]) => [what, String(count)]),
    ['violations', String(violations.length)],
  ]);
  if (grown === undefined) return;
  printFigures('The daemon that lived longest', [
    ['', 'at first', 'at last'],
    ['memory', `${grown.first.memory} MiB`, `${grown.last.memory} MiB`],
    ['handles', String(grown.first.handles), String(grown.last.handles)],
  ]);
}
