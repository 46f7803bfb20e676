import { isIP } from 'node:net';
import type { X509Certificate } from 'node:crypto';
import { printable } from '../../../lib/printable.js';
import { RegistrarError } from '../../../model/errors.js';

/** A name that a certificate is for. */
export interface SubjectName {
  readonly type: 'dns' | 'ip';
  /** Lower case; an address in its shortest form. */
  readonly value: string;
}

/** More would make a certificate that some clients do not take. */
const MAX_NAMES = 100;
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const DNS_NAME = new RegExp(`^(?:\\*\\.)?(?:${LABEL}\\.)*${LABEL}$`);
const ALWAYS = ['localhost', '127.0.0.1', '::1'];
/** Stands for every address, so it is none that a client can use. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

export interface NameSources {
  /** Address that the API listens on. */
  readonly host: string;
  /** Name of the machine. */
  readonly hostname: string;
  /** What the person asked for with `--tls-san`. */
  readonly extra: readonly string[];
}

/**
 * All names that the server's certificate is for, each once, sorted. ADDRESS_UNUSABLE for an extra
 * one that is neither a name nor an address; a machine with such a name does without.
 */
export function subjectNames({ host, hostname, extra }: NameSources): SubjectName[] {
  const given = [...ALWAYS, hostname, host].flatMap((text) => parseName(text) ?? []);
  const names = [...given, ...extra.map((text) => parseName(text) ?? refuse(text))];
  const usable = names.filter(({ value }) => !WILDCARDS.has(value));
  const unique = [...new Map(usable.map((name) => [keyOf(name), name])).values()];
  if (unique.length > MAX_NAMES) throw tooMany(unique.length);
  return unique.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** undefined for what is neither a DNS name nor an IP address. */
export function parseName(text: string): SubjectName | undefined {
  const [address = ''] = text.split('%');
  if (isIP(address) !== 0) return { type: 'ip', value: shortest(address) };
  const name = text.toLowerCase();
  const isName = name.length <= 253 && DNS_NAME.test(name) && !/(?:^|\.)\d+$/.test(name);
  return isName ? { type: 'dns', value: name } : undefined;
}

/** Whether a certificate is for exactly these names. */
export function isFor(certificate: X509Certificate, names: readonly SubjectName[]): boolean {
  const present = (certificate.subjectAltName ?? '').split(', ').flatMap((entry) => {
    const [, type, value = ''] = /^(DNS|IP Address):(.*)$/.exec(entry) ?? [];
    return type === undefined ? [] : (parseName(value) ?? []);
  });
  return present.map(keyOf).toSorted().join() === names.map(keyOf).toSorted().join();
}

const keyOf = ({ type, value }: SubjectName): string => `${type}:${value}`;

/** The one spelling that a URL has; without the dots that the X.509 library misreads in version 6. */
const shortest = (address: string): string =>
  isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

function refuse(text: string): never {
  const message = `Cannot use --tls-san "${printable(text)}": write a DNS name or an IP address`;
  throw new RegistrarError('ADDRESS_UNUSABLE', message);
}

const tooMany = (count: number): RegistrarError =>
  new RegistrarError(
    'ADDRESS_UNUSABLE',
    `A certificate for ${count} names is too large, at most ${MAX_NAMES}: leave out some --tls-san`,
  );
