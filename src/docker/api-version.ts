import { RegistrarError } from '../model/errors.js';

/** Docker Engine 20.10: the oldest that has all we use. */
const OLDEST = '1.41';
/** The oldest API that the newest engines still speak, so that one range covers all of them. */
const NEWEST = '1.44';

/**
 * The API version to speak with an engine that offers `min` to `max`: the newest both know.
 * ENGINE_UNAVAILABLE when there is none.
 */
export function negotiate(max: string, min: string): string {
  if (!isVersion(max)) {
    throw new RegistrarError('ENGINE_UNAVAILABLE', 'What answers is not a Docker Engine');
  }
  const chosen = compare(max, NEWEST) < 0 ? max : NEWEST;
  const fits = compare(chosen, OLDEST) >= 0 && (!isVersion(min) || compare(chosen, min) >= 0);
  if (fits) return chosen;
  const offered = isVersion(min) ? `${min} to ${max}` : max;
  const message = `The Docker Engine speaks API ${offered}, Registrar ${OLDEST} to ${NEWEST}; use another engine`;
  throw new RegistrarError('ENGINE_UNAVAILABLE', message);
}

const isVersion = (text: string): boolean => /^\d{1,3}\.\d{1,3}$/.test(text);

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
