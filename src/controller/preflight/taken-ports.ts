import type { HostPort } from '../../model/host.js';
import type { TakenPort } from '../../plan/preflight.js';
import { tryPort } from './free-port.js';
import { portHolder } from './port-holder.js';

/** Those of the ports that cannot be had on this machine, and why not. */
export async function takenPorts(ports: readonly HostPort[]): Promise<TakenPort[]> {
  const found = await Promise.all(ports.map(look));
  return found.flatMap((one) => one ?? []);
}

async function look(port: HostPort): Promise<TakenPort | undefined> {
  const refusal = await tryPort(port);
  if (refusal === 'EADDRINUSE') return { port, why: `is taken by ${await portHolder(port)}` };
  // Anything else, such as a port that only root may take, says nothing about what the engine can do.
  return refusal === 'EADDRNOTAVAIL' ? { port, why: NO_ADDRESS } : undefined;
}

const NO_ADDRESS = 'is at an address that the host does not have';
