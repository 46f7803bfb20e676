import { systemClock } from '../../../src/lib/clock.js';
import { openRegistry } from '../../../src/registry/open.js';
import { writeSecret } from '../../helpers/secrets.js';

/**
 * A process that writes Secrets, changes and deletes them for as long as it lives, with a line for
 * each write that the registry acknowledged: the Secret and the value that it has since.
 */
const [dataDir = '', writers = '0'] = process.argv.slice(2);

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const name = `s-${writer}-${i % 5}`;
    const value = `${name} value ${i}`;
    await writeSecret(registry, name, { api: value, ...(i % 2 === 0 && { other: 'x' }) });
    process.stdout.write(`${value}\n`);
    if (i % 7 === 6) {
      await registry.delete('Secret', name);
      process.stdout.write(`${name} gone\n`);
    }
  }
}

const registry = await openRegistry({ dataDir, clock: systemClock });
process.stdout.write('open\n');
// Keeps the process alive.
process.stdin.resume();
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
