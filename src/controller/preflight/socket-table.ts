import type { HostPort } from '../../model/host.js';

/** What the kernel calls a TCP socket that listens, and a UDP socket that is bound. */
const WAITING: Readonly<Record<HostPort['protocol'], string>> = { TCP: '0A', UDP: '07' };

/**
 * Inodes of the sockets in a table of the kernel, such as `/proc/net/tcp6`, that wait at a port. Of
 * any address: who has the port on another one may still be who is meant. Pure.
 */
export function socketsAt({ port, protocol }: HostPort, table: string): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const isAt = local?.endsWith(wanted) === true && state === WAITING[protocol];
    return isAt && inode !== undefined && /^[1-9]\d*$/.test(inode) ? [inode] : [];
  });
}
