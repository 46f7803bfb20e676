import type { Socket } from 'node:net';

const local = new WeakSet<Socket>();

/** Notes that a connection came in through the unix socket, which the file system protects. */
export function markLocal(socket: Socket): void {
  local.add(socket);
}

/**
 * Whether a connection came in through the unix socket. The lack of a remote address does not say
 * so: a TCP connection that is already closed has none either.
 */
export function isLocal(socket: Socket): boolean {
  return local.has(socket);
}
