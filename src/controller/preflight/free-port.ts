import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { isIPv6 } from 'node:net';
import type { HostPort } from '../../model/host.js';

/** Why a port cannot be taken: the code of the system; undefined when it can. */
export type Refusal = string | undefined;

/**
 * Tries to take a port of this machine, and lets go of it at once. Until then nobody else can have it:
 * only ports that nobody is known to have are tried.
 */
export function tryPort({ ip, port, protocol }: HostPort): Promise<Refusal> {
  return protocol === 'TCP' ? tryTcp(ip, port) : tryUdp(ip, port);
}

function tryTcp(host: string, port: number): Promise<Refusal> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    server.listen({ host, port, exclusive: true, ipv6Only: isIPv6(host) }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}

function tryUdp(address: string, port: number): Promise<Refusal> {
  const isV6 = isIPv6(address);
  const socket = createSocket({ type: isV6 ? 'udp6' : 'udp4', ipv6Only: isV6 });
  return new Promise((resolve) => {
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      socket.close();
      resolve(code);
    });
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}
