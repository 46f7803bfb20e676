import type * as X509 from '@peculiar/x509';

/**
 * The library that makes certificates; it takes a quarter of a second to load. The container that
 * it wires its own parts with refuses to load without three functions of a polyfill, with which
 * nothing is ever defined here: so they find nothing. A whole polyfill, if there is one, stays.
 */
export async function loadX509(): Promise<typeof X509> {
  if (!('getMetadata' in Reflect)) Object.assign(Reflect, NO_METADATA);
  return import('@peculiar/x509');
}

const NO_METADATA = {
  getMetadata: () => undefined,
  getOwnMetadata: () => undefined,
  defineMetadata: () => undefined,
};
