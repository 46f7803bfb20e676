import { request } from 'node:http';
import { join } from 'node:path';
import type { World } from './world.js';

const MODULES = '/apis/registrar.synapsis.network/v1/modules';
const BODIES: readonly string[] = [
  '{',
  '[]',
  'null',
  '{"__proto__":{"spec":{}}}',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  JSON.stringify({ kind: 'Module', metadata: { name: 'x'.repeat(100_000) } }),
  JSON.stringify({ kind: 'Module', metadata: { name: '../../etc' }, spec: { image: '\0' } }),
  'a: &a [*a, *a, *a]',
];
const TYPES = ['application/json', 'application/yaml', 'application/json-patch+json', 'text/x'];
const PATHS = [MODULES, `${MODULES}/%2e%2e%2f%00`, `${MODULES}/${'y'.repeat(9_000)}`, '//..//'];
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'];

/** Forty requests that nobody honest sends; throws when one makes the server fail. */
export async function hostileRequests({ site, random }: World): Promise<void> {
  const socketPath = join(site.dataDir, 'registrar.sock');
  for (let count = 0; count < 40; count += 1) {
    const method = random.pick(METHODS);
    // A collection is not deleted by accident.
    const path = method === 'DELETE' ? `${MODULES}/none` : random.pick(PATHS);
    const code = await send(socketPath, {
      ...{ method, path, body: random.pick(BODIES), type: random.pick(TYPES) },
    });
    if (code >= 500 && code !== 503) throw new Error(`${method} ${path.slice(0, 80)}: ${code}`);
  }
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly type: string;
}

/** The code of the answer; 0 when the server hangs up. */
function send(socketPath: string, { method, path, body, type }: Sent): Promise<number> {
  return new Promise((resolve) => {
    const headers = { 'content-type': type };
    const sent = request({ socketPath, method, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', () => resolve(0)).end(body);
  });
}
