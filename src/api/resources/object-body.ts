import type { Stored } from '../../registry/registry.js';

const known = new WeakMap<Stored, Buffer>();

/** JSON of an object as bytes, which are made once however often they are asked for. */
export function objectBody(stored: Stored): Buffer {
  const made = known.get(stored);
  if (made !== undefined) return made;
  const body = Buffer.from(stored.json);
  known.set(stored, body);
  return body;
}
