import { setTimeout as sleep } from 'node:timers/promises';
import { acquireEngine } from '../bin/lib/engine.js';
import { ensureSampleImage } from '../bin/lib/sample-image.js';
import { ownedObjects } from './helpers/engine.js';

const SETTLE_ROUNDS = 50;

/** What is there now and was not there before; waits for removals that are under way. */
async function leftovers(before: ReadonlySet<string>): Promise<string[]> {
  for (let round = 0; ; round += 1) {
    const left = (await ownedObjects()).filter((object) => !before.has(object));
    if (left.length === 0 || round === SETTLE_ROUNDS) return left;
    await sleep(200);
  }
}

/**
 * Gives the tests an engine and the sample image, and checks at the end that they left nothing. On
 * an engine that others use at the same time that is a warning, in the gate (bin/test) a failure.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const { host, release } = await acquireEngine();
  process.env['DOCKER_HOST'] = host;
  await ensureSampleImage(host);
  const before = new Set(await ownedObjects());
  return async () => {
    const left = await leftovers(before);
    await release();
    if (left.length === 0) return;
    const message = `The tests left in the engine: ${left.join(', ')}`;
    if (process.env['REGISTRAR_GATE'] !== '1') return console.warn(message);
    // An error thrown here is only printed.
    console.error(message);
    process.exitCode = 1;
  };
}
