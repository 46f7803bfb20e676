import { mkdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { docker } from '../helpers/engine.js';
import { hostileRequests } from './hostile.js';
import { killInChange } from './kill-points.js';
import { seconds } from './world.js';
import type { World } from './world.js';

/** Something that goes wrong, and is over when this resolves. */
export interface Fault {
  readonly title: string;
  readonly strike: (world: World) => Promise<void>;
}

/** A change under way makes most faults worse. */
const changing = async (world: World): Promise<void> => {
  if (world.random.next() < 0.7) await world.change(world.anyModule(), 'well');
};

async function endAndStart(world: World, signal: NodeJS.Signals, code: number | null) {
  await changing(world);
  await sleep(world.random.between(0, 1_500));
  const ended = await world.running.end(signal);
  if (ended !== code) throw new Error(`The daemon ended by ${signal} with ${ended}, not ${code}`);
  await world.start();
}

/** Containers go on meanwhile: the engine keeps them running. */
async function restartEngine(world: World, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  await changing(world);
  await world.engine.end(signal);
  await sleep(world.random.between(0, 2_000));
  await world.engine.start();
}

/** One of the containers of a module, which is thereby touched. */
async function aContainer(world: World) {
  const running = (await world.site.containers()).filter(({ state }) => state === 'running');
  if (running.length === 0) return undefined;
  const { id, module } = world.random.pick(running);
  world.touch(module);
  return docker().getContainer(id);
}

const ANSWERS: readonly RegExp[] = [
  /^POST \S*\/containers\/create/,
  /^POST \S*\/containers\/\w+\/start/,
  /^POST \S*\/containers\/\w+\/stop/,
  /^DELETE \S*\/containers\//,
];

/** The file of the module that is declared in the config directory. */
export const DECLARED = 'declared.yaml';

export const FAULTS: readonly Fault[] = [
  { title: 'kill -9 of the daemon', strike: (world) => endAndStart(world, 'SIGKILL', null) },
  { title: 'kill -9 of the daemon at a call of the system', strike: killInChange },
  { title: 'end of the daemon', strike: (world) => endAndStart(world, 'SIGTERM', 0) },
  {
    title: 'daemon that hangs',
    strike: async (world) => {
      process.kill(world.running.pid, 'SIGSTOP');
      await seconds(3);
      process.kill(world.running.pid, 'SIGCONT');
    },
  },
  {
    title: 'engine that does not answer',
    strike: async (world) => {
      world.proxy.pause();
      await changing(world);
      await seconds(4);
      await world.proxy.restore();
    },
  },
  {
    title: 'engine that is away',
    strike: async (world) => {
      await world.proxy.cut();
      await changing(world);
      await seconds(2);
      await world.proxy.restore();
    },
  },
  { title: 'engine that is restarted', strike: (world) => restartEngine(world, 'SIGTERM') },
  { title: 'kill -9 of the engine', strike: (world) => restartEngine(world, 'SIGKILL') },
  {
    title: 'store that another program writes to',
    strike: async (world) => {
      const other = new Sqlite(join(world.site.dataDir, 'registrar.db'));
      other.exec('BEGIN IMMEDIATE');
      const change = changing(world);
      await seconds(3);
      other.exec('ROLLBACK');
      other.close();
      await change;
    },
  },
  {
    title: 'slow engine',
    strike: async (world) => {
      world.proxy.latencyMs = 400;
      await changing(world);
      await seconds(3);
      world.proxy.latencyMs = 0;
    },
  },
  {
    title: 'lost answer of the engine',
    strike: async (world) => {
      world.proxy.loseAnswerOf(world.random.pick(ANSWERS));
      await world.change(world.anyModule(), 'well');
    },
  },
  {
    title: 'container that somebody removed',
    strike: async (world) => (await aContainer(world))?.remove({ force: true }),
  },
  {
    title: 'container that somebody stopped',
    strike: async (world) => void (await (await aContainer(world))?.stop({ t: 0 })),
  },
  {
    title: 'broken file beside the others',
    strike: async ({ site }) => {
      site.declare('broken.yaml', 'spec: [');
      await seconds(1);
      rmSync(join(site.configDir, 'broken.yaml'));
    },
  },
  {
    title: 'config directory that is away',
    strike: async ({ site }) => {
      renameSync(site.configDir, `${site.configDir}-away`);
      mkdirSync(site.configDir);
      await seconds(2);
      rmdirSync(site.configDir);
      renameSync(`${site.configDir}-away`, site.configDir);
    },
  },
  {
    title: 'file that is written all the time',
    strike: async ({ site }) => {
      for (let count = 0; count < 200; count += 1) {
        writeFileSync(join(site.configDir, 'noise.yaml'), `# ${count}\n`);
        await sleep(10);
      }
      rmSync(join(site.configDir, 'noise.yaml'));
    },
  },
  { title: 'hostile requests', strike: hostileRequests },
];

/** What people do. */
export const CHANGES: readonly Fault[] = [
  { title: 'good change', strike: (world) => world.change(world.anyModule(), 'well') },
  { title: 'change that fails', strike: (world) => world.change(world.anyModule(), 'badly') },
  { title: 'suspension', strike: (world) => world.change(world.anyModule(), 'suspended') },
  { title: 'new module', strike: (world) => world.create() },
  {
    title: 'deletion',
    strike: async (world) => {
      if (world.asked.size > 3) await world.delete(world.anyModule());
    },
  },
];
