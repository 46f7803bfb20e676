import { hash } from 'node:crypto';

/**
 * 198.18.0.0/15 is set apart for measurements between devices (RFC 2544), so that no host of the
 * Internet has an address in it, and few networks do. The engine's own pools end at about thirty
 * networks, and none of theirs lets a container keep its address.
 */
const FIRST_BYTE = 198;
const SECOND_BYTES = [18, 19] as const;
const COUNT = SECOND_BYTES.length * 256;

/** Subnets to try for a network of that name, each once, in an order of its own. */
export function* subnetsFor(name: string): Generator<string> {
  const first = Number.parseInt(hash('sha256', name).slice(0, 8), 16) % COUNT;
  for (let step = 0; step < COUNT; step += 1) {
    const at = (first + step) % COUNT;
    yield `${FIRST_BYTE}.${SECOND_BYTES[Math.floor(at / 256)]}.${at % 256}.0/24`;
  }
}
