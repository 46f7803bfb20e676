import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that one customer of a provider has to themselves. */
const OWN_GROUPS = 4;

/**
 * What stands for all addresses that one sender can take: an IPv4 address itself, the first 64 bits
 * of an IPv6 one. Any other text stands for itself.
 */
export function addressKey(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return [...front, ...zeros, ...back].slice(0, OWN_GROUPS).join(':');
}
