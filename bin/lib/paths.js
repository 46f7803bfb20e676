import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const ROOT = realpathSync(join(dirname(fileURLToPath(import.meta.url)), '..', '..'));

/** Everything of the private engine, except its sockets when this path is unfit for them. */
export const ENGINE_DIR = join(ROOT, 'data', 'engine');

/** Everything of a demo run. */
export const DEMO_DIR = join(ROOT, 'data', 'demo');

/** The kernel's limit for the path of a unix socket is 107 bytes. */
const MAX_SOCKET_PATH = 107;
const LONGEST_SOCKET = 'exec/containerd/containerd-debug.sock';

/**
 * Folder for the sockets of the private engine: inside `engineDir` when the paths are short and
 * plain enough for a DOCKER_HOST, otherwise one under /run that is the same for the same folder.
 *
 * @param {string} engineDir
 */
export function socketFolder(engineDir) {
  const inside = join(engineDir, 'run');
  const fits = Buffer.byteLength(join(inside, LONGEST_SOCKET)) <= MAX_SOCKET_PATH;
  if (fits && /^[\w./-]+$/.test(inside)) return inside;
  return `/run/registrar-engine-${createHash('sha256').update(engineDir).digest('hex').slice(0, 8)}`;
}
