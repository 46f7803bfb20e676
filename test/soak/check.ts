import { join } from 'node:path';
import Database from 'better-sqlite3';
import { lifeOf } from '../helpers/live-modules.js';
import type { Life } from '../helpers/live-modules.js';
import type { Module } from '../../src/model/module.js';
import type { Asked, Wish } from './model.js';
import { seconds } from './world.js';
import type { World } from './world.js';

/** How long everything may take to be as asked for, once a fault is over. */
const WITHIN_SECONDS = 90;

interface Container {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly module: string;
}

/** What has to hold once a fault is over; resolves to what does not. */
export async function universalCheck(world: World, canary: Life): Promise<string[]> {
  let wrong = await whatIsWrong(world);
  for (let waited = 0; wrong.length > 0 && waited < WITHIN_SECONDS; waited += 1) {
    await seconds(1);
    wrong = await whatIsWrong(world);
  }
  world.count('checks');
  return [...wrong, ...(await livesOf(world)), ...(await isHarmed(canary)), ...brokenStore(world)];
}

/** What is not as asked for yet, in words. */
async function whatIsWrong(world: World): Promise<string[]> {
  const containers: Container[] = await world.site.containers();
  const names = new Set(containers.map(({ name }) => name));
  const found: string[] = names.size === containers.length ? [] : ['two containers have one name'];
  for (const asked of world.asked.values()) {
    const module = await world.modules.find(asked.name).catch((error: unknown) => String(error));
    if (typeof module === 'string') return [module];
    const mine = containers.filter((one) => one.module === asked.name);
    found.push(...wrongWith(asked, module, mine).map((what) => `${asked.name}: ${what}`));
  }
  const strangers = containers.filter(({ module }) => !isKnown(world, module));
  return [...found, ...strangers.map(({ name }) => `${name} is of no module`)];
}

const isKnown = (world: World, module: string): boolean =>
  world.asked.has(module) || module === 'declared';

function wrongWith(asked: Asked, module: Module | undefined, mine: readonly Container[]): string[] {
  if (module === undefined) return ['an acknowledged write is lost: it is not there'];
  const number = Number(module.spec.env.find(({ name }) => name === 'NUMBER')?.value);
  const wish = asked.possible.find((one) => one.number === number);
  if (wish === undefined) return [`an acknowledged write is lost: it is at ${number}`];
  asked.possible = [wish];
  const { status, metadata } = module;
  if (status.observedGeneration !== metadata.generation) return ['its status is of another spec'];
  return wrongEnd(wish, module, mine);
}

function wrongEnd(wish: Wish, { status }: Module, mine: readonly Container[]): string[] {
  const running = mine.filter(({ state }) => state === 'running').length;
  const told = `${status.phase}, ${running} of ${mine.length} containers run, ${wish.replicas} are wanted`;
  if (wish.ends === 'suspended') return mine.length === 0 ? [] : [told];
  const isThere = running === wish.replicas && mine.length === wish.replicas;
  if (wish.ends === 'well') return status.phase === 'Running' && isThere ? [] : [told];
  // Without one to go back to it stays visible and is tried again.
  if (status.phase === 'Failed') return mine.length <= wish.replicas ? [] : [told];
  return status.phase === 'Degraded' && isThere ? [] : [told];
}

/** Containers that were replaced or restarted although nothing was done to their module. */
async function livesOf(world: World): Promise<string[]> {
  const containers: Container[] = await world.site.containers();
  const wrong: string[] = [];
  for (const asked of world.asked.values()) {
    const mine = containers.filter((one) => one.module === asked.name && one.state === 'running');
    const lives = (await Promise.all(mine.map(({ id }) => lifeOf(id))))
      .map(({ id, pid, startedAt }) => `${id} ${pid} ${startedAt}`)
      .toSorted();
    const isSame = asked.lives === undefined || asked.lives.join() === lives.join();
    if (!isSame) wrong.push(`${asked.name}: containers changed although nothing was done to it`);
    // One that ends badly is tried again and again.
    asked.lives = asked.possible[0]?.ends === 'well' ? lives : undefined;
  }
  return wrong;
}

async function isHarmed(canary: Life): Promise<string[]> {
  const now = await lifeOf(canary.id).catch(() => undefined);
  return JSON.stringify(now) === JSON.stringify(canary) ? [] : ['a foreign container was touched'];
}

function brokenStore({ site }: World): string[] {
  const database = new Database(join(site.dataDir, 'registrar.db'), { readonly: true });
  try {
    const said = database.pragma('quick_check', { simple: true });
    return said === 'ok' ? [] : [`the store is broken: ${String(said)}`];
  } finally {
    database.close();
  }
}
