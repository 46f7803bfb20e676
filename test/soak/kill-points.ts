import { setTimeout as sleep } from 'node:timers/promises';
import { killAt } from '../helpers/kill-point.js';
import type { KillCalls } from '../helpers/kill-point.js';
import type { World } from './world.js';

const CALLS: readonly KillCalls[] = ['pwrite64', 'fdatasync', 'write,writev,sendto'];
/** About as many calls as a change makes until it is carried out. */
const MOST_CALLS = 60;
const LONGEST_MS = 5_000;

/** Kills the daemon at some call of the system that a change makes, and starts it again. */
export async function killInChange(world: World): Promise<void> {
  const { running, random } = world;
  const point = await killAt(running.pid, random.pick(CALLS), random.between(1, MOST_CALLS));
  await world.change(world.anyModule(), 'well');
  await Promise.race([running.ended, sleep(LONGEST_MS)]);
  await running.end('SIGKILL');
  await point.remove();
  await world.start();
}
