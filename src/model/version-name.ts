import { hash } from 'node:crypto';

/** A subdomain of RFC 1123, which is what an object may be called. */
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const MAX_NAME = 253;
const MAX_WORDS = 40;
const HASH_DIGITS = 16;

/**
 * Name of the object that records a version of a module: `web.1.4.2`. A version that no name can
 * have, such as `1.0.0-RC.1+build`, is called `web.v1-0-0-rc-1-build-` and a hash over it: no other
 * version begins with a letter, so that no two share a name.
 */
export function versionName(module: string, version: string): string {
  const plain = `${module}.${version}`;
  if (plain.length <= MAX_NAME && SUBDOMAIN.test(plain)) return plain;
  const words = version.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const digest = hash('sha256', version).slice(0, HASH_DIGITS);
  return `${module}.v${words.slice(0, MAX_WORDS)}-${digest}`;
}
