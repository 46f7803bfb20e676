import { systemClock } from '../../src/lib/clock.js';
import { openRegistry } from '../../src/registry/open.js';
import { anEntry } from '../helpers/audit.js';
import { aManifest } from '../helpers/builders.js';

/**
 * A process that creates, changes and deletes modules, and notes what was refused, for as long as
 * it lives, with a line for each that the registry acknowledged.
 */
const [dataDir = '', writers = '0'] = process.argv.slice(2);

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const name = `m-${writer}-${i}`;
    const audit = (verb: string) => ({ audit: anEntry({ verb, name }) });
    await registry.create('Module', aManifest(name), audit('create'));
    say('create', name);
    await registry.update('Module', name, replicasOf(2), audit('update'));
    say('update', name);
    if (i % 2 === 0) {
      await registry.delete('Module', name, audit('delete'));
      say('delete', name);
    }
    await registry.audit.append(anEntry({ verb: 'get', name }), { code: 403, reason: 'Forbidden' });
    say('get', name);
  }
}

const say = (verb: string, name: string): void => void process.stdout.write(`${verb} ${name}\n`);

const replicasOf =
  (replicas: number) => (current: { spec: ReturnType<typeof aManifest>['spec'] }) => ({
    ...aManifest('any'),
    spec: { ...current.spec, replicas },
  });

const registry = await openRegistry({ dataDir, clock: systemClock });
process.stdout.write('open\n');
// Keeps the process alive.
process.stdin.resume();
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
