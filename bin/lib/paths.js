import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const ROOT = realpathSync(join(dirname(fileURLToPath(import.meta.url)), '..', '..'));

/** Where the private engine is found: its folder, or a link to it. */
export const ENGINE_LINK = join(ROOT, 'data', 'engine');

/** Everything of a demo run. */
export const DEMO_DIR = join(ROOT, 'data', 'demo');

/** The kernel's limit for the path of a unix socket. */
const MAX_SOCKET_PATH = 107;
const LONGEST_SOCKET = 'run/exec/containerd/containerd-debug.sock';

/**
 * The folder of the engine that is found at `link`: the same when its path is short and plain enough
 * for sockets, mount options and a DOCKER_HOST, otherwise one under /var/lib, always the same.
 *
 * @param {string} link
 */
export function engineFolder(link) {
  const fits = Buffer.byteLength(join(link, LONGEST_SOCKET)) <= MAX_SOCKET_PATH;
  if (fits && /^[\w./-]+$/.test(link)) return link;
  return `/var/lib/registrar-engine-${createHash('sha256').update(link).digest('hex').slice(0, 8)}`;
}

/** Everything of the private engine. */
export const ENGINE_DIR = engineFolder(ENGINE_LINK);
