import { fastify } from 'fastify';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { buildServer } from '../../src/api/server.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openRegistry } from '../../src/registry/open.js';
import { NO_LIMIT } from './rates.js';
import { aManifest } from './builders.js';
import { IDLE } from './idle-operations.js';

/**
 * A process that serves plain HTTP on a loopback port, for measuring from outside. `api DIR COUNT`
 * is the API of a store in that directory with so many modules, and no loop beside it; `bare FILE`
 * is a route of fastify that answers GET and merge patches with the bytes of a file, and stores
 * nothing. It sends its port when it listens, and when it is asked what it uses.
 */
const SPEC = {
  description: 'A module with what most of them have: an address, a key, a port and a volume',
  author: 'Ada',
  env: [
    { name: 'SUBTENSOR_ENDPOINT', value: 'wss://entrypoint-finney.opentensor.ai:443' },
    { name: 'NETUID', value: '17' },
  ],
};

const [what, path = '', count = '0'] = process.argv.slice(2);

async function api(): Promise<ReturnType<typeof buildServer>> {
  const registry = await openRegistry({ dataDir: path, clock: systemClock });
  const names = Array.from({ length: Number(count) }, (_, index) => `module-${index}`);
  await Promise.all(names.map((name) => registry.create('Module', aManifest(name, SPEC))));
  return buildServer({
    ...{ registry, config: undefined, clock: systemClock, log: silentLog, version: '0.1.0' },
    operations: IDLE,
    token: process.env['BENCH_TOKEN'] ?? '',
    rates: NO_LIMIT,
    metrics: async () => '',
    readiness: () => ({ ok: true, checks: [] }),
    shutdown: new AbortController().signal,
  });
}

function bare(): ReturnType<typeof buildServer> {
  const bytes = readFileSync(path);
  const server = fastify();
  server.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    server.getDefaultJsonParser('error', 'error'),
  );
  server.route({
    ...{ method: ['GET', 'PATCH'], url: '/*' },
    handler: (_request, reply) => reply.type('application/json').send(bytes),
  });
  return server;
}

const server = what === 'api' ? await api() : bare();
await server.listen({ host: '127.0.0.1', port: 0 });
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  server.server.getConnections((_error, connections) => {
    process.send?.({ heap: heapUsed + external, rss, connections });
  });
});
// Ends with the one who started it.
process.once('disconnect', () => process.exit());
process.send?.((server.server.address() as AddressInfo).port);
