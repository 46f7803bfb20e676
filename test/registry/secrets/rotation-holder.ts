import { systemClock } from '../../../src/lib/clock.js';
import { openRegistry } from '../../../src/registry/open.js';
import { anEntry } from '../../helpers/audit.js';
import { writeSecret } from '../../helpers/secrets.js';

/**
 * A process that rotates the keys and writes a Secret for as long as it lives, with a line for each
 * of both that the registry acknowledged.
 */
const [dataDir = ''] = process.argv.slice(2);

const registry = await openRegistry({ dataDir, clock: systemClock });
process.stdout.write('open\n');
// Keeps the process alive.
process.stdin.resume();

async function rotate(): Promise<never> {
  for (;;) {
    const { keyId } = await registry.rotateKeys(anEntry({ verb: 'post' }));
    process.stdout.write(`rotated ${keyId}\n`);
  }
}

async function write(): Promise<never> {
  for (let i = 0; ; i += 1) {
    await writeSecret(registry, 'busy', { api: `value ${i}` });
    process.stdout.write(`wrote ${i}\n`);
  }
}

await Promise.all([rotate(), write()]);
