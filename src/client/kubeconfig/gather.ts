import { listeningNote } from '../local-server.js';
import { parseServer, resolveAddress } from '../address.js';
import type { Address, AddressOptions } from '../address.js';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import type { KubeconfigEntries } from './entries.js';

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

/**
 * What kubectl must know to reach a server: the one that is named, else the one of the data
 * directory at the address where it says it listens. BAD_REQUEST when something of it is missing.
 */
export async function gatherEntries(
  name: string,
  options: AddressOptions,
): Promise<KubeconfigEntries> {
  await checkName(name);
  const server = options.server ?? (await localServer(options.dataDir));
  if (server.startsWith('unix:')) {
    throw refuse(`kubectl cannot use the socket ${server}: name https://HOST:PORT with --server`);
  }
  if (parseServer(server).protocol !== 'https:') {
    throw refuse(`kubectl sends no token to ${server}: use HTTPS, start the daemon without --http`);
  }
  const address = await resolveAddress({ ...options, server });
  if (address.token === undefined) {
    throw refuse(`There is no token for ${server}: give one with --token, or the --data-dir`);
  }
  return { name, cluster: clusterOf(address), user: { token: address.token } };
}

/** kubectl reads YAML 1.1, where a word such as "on" is no name; a file may be written in another. */
async function checkName(name: string): Promise<void> {
  const { stringify } = await import('yaml');
  if (stringify(name, { version: '1.1', lineWidth: 0 }) === `${name}\n`) return;
  throw refuse(`Cannot use --context "${printable(name)}": write letters, digits and dashes`);
}

async function localServer(dataDir: string): Promise<string> {
  const note = await listeningNote(dataDir);
  if (note !== undefined) return note.url;
  throw refuse(
    `No daemon runs on the data directory "${dataDir}": start it, name another with --data-dir, or a server with --server`,
  );
}

function clusterOf({ url, target }: Address): KubeconfigEntries['cluster'] {
  const trust = 'trust' in target ? target.trust : undefined;
  const { authority } = trust ?? {};
  return {
    server: url,
    ...(authority !== undefined && {
      'certificate-authority-data': Buffer.from(authority).toString('base64'),
    }),
    ...(trust?.verify === false && { 'insecure-skip-tls-verify': true as const }),
  };
}
