import type * as X509 from '@peculiar/x509';

/** The library that makes certificates; it takes a quarter of a second to load. */
export async function loadX509(): Promise<typeof X509> {
  // The container that it wires its own parts with does not load without this.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
