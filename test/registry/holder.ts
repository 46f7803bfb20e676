import { systemClock } from '../../src/lib/clock.js';
import { RegistrarError } from '../../src/model/errors.js';
import { openRegistry } from '../../src/registry/open.js';
import { aManifest } from '../helpers/builders.js';

/**
 * A process that opens the data directory it is given, says so, and creates modules for as long as
 * it lives, with a line for each that the registry acknowledged. A refusal is a line, too.
 */
const [dataDir = '', writers = '0'] = process.argv.slice(2);

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const name = `m-${writer}-${i}`;
    await registry.create('Module', aManifest(name));
    process.stdout.write(`${name}\n`);
  }
}

const registry = await openRegistry({ dataDir, clock: systemClock }).catch((error: unknown) => {
  process.stdout.write(
    error instanceof RegistrarError ? `${error.code} ${error.message}\n` : '?\n',
  );
  process.exit(1);
});
process.stdout.write('open\n');
// Keeps the process alive.
process.stdin.resume();
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
