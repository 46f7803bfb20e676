import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { RegistrarError } from '../model/errors.js';
import { cleanText } from './clean-text.js';
import type { RepoUrl } from './repo-url.js';
import type { SourceRules } from './source.js';

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** As the system resolves names, the file of hosts included. */
export const systemLookup: Lookup = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

const LOOKUP_MS = 10_000;

/** Ranges that `privateAddresses` admits. */
const PRIVATE = ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'];

/** Metadata services of clouds in ranges that may else be admitted, or that look public. */
const METADATA = ['fd00:ec2::254', '100.100.100.200', '168.63.129.16'];

/** What is given out as public IPv6 space; ipaddr.js also calls the never assigned rest unicast. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * The addresses of a host, each of which was checked: git connects to these and does not ask again,
 * so a name whose addresses change in between gains nothing. SOURCE_REFUSED when any is not
 * admitted, SOURCE_UNAVAILABLE when there are none.
 */
export async function checkedAddresses(
  { host }: Pick<RepoUrl, 'host'>,
  { privateAddresses }: Pick<SourceRules, 'privateAddresses'>,
  find: Lookup,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  const found = isIP(bare) === 0 ? await lookUp(bare, find, signal) : [bare];
  for (const address of found) {
    const problem = addressProblem(address, privateAddresses);
    if (problem !== undefined) throw refused(host, address, problem);
  }
  return found;
}

/** Why an address is not admitted, undefined when it is. */
export function addressProblem(text: string, privateAddresses: boolean): string | undefined {
  if (isIP(text) === 0) return 'is malformed';
  const address = ipaddr.process(text);
  if (METADATA.includes(address.toString())) return 'is a metadata service';
  const range = address.range();
  if (range === 'unicast') {
    const isGlobal = address.kind() === 'ipv4' || address.match(GLOBAL_IPV6);
    return isGlobal ? undefined : 'is not on the Internet';
  }
  if (!PRIVATE.includes(range)) return `is not one of a server (${range})`;
  return privateAddresses ? undefined : `is on this machine or in a private network (${range})`;
}

async function lookUp(host: string, find: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  const found = await Promise.race([find(host), ended(signal)]).catch((cause: unknown) => {
    throw unknownHost(host, cause);
  });
  if (found.length === 0) throw unknownHost(host, new Error('it has no address'));
  return found;
}

function ended(signal: AbortSignal): Promise<never> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(LOOKUP_MS)]);
  return new Promise((_, reject) => {
    const end = (): void => reject(new Error(signal.aborted ? 'it was cancelled' : 'no answer'));
    if (either.aborted) end();
    either.addEventListener('abort', end, { once: true });
  });
}

function unknownHost(host: string, cause: unknown): RegistrarError {
  const why = cleanText(cause instanceof Error ? cause.message : String(cause));
  const message = `Cannot find host "${cleanText(host)}": ${why}; check its name and the DNS of this machine`;
  return new RegistrarError('SOURCE_UNAVAILABLE', message, { cause });
}

function refused(host: string, address: string, problem: string): RegistrarError {
  const which = host.includes(address) ? '' : ` at ${cleanText(address)}`;
  const message = `Cannot use host "${cleanText(host)}"${which}: the address ${problem}; use a public server, or admit private addresses in the policy`;
  return new RegistrarError('SOURCE_REFUSED', message);
}
