import type { JSONWebKeySet } from 'jose';
import { isJsonObject } from '../../../lib/merge-patch.js';
import { fetchJson } from './fetch-json.js';
import { trustedUrl } from './trusted-url.js';

/** Most keys that are taken from an issuer, which has two or three. */
const MAX_KEYS = 100;

/** The keys that an issuer signs with, found as OpenID Connect Discovery says. */
export async function fetchKeys(issuer: string): Promise<JSONWebKeySet> {
  const base = issuer.replace(/\/$/, '');
  const document = await fetchJson(new URL(`${base}/.well-known/openid-configuration`));
  if (!isJsonObject(document) || document['issuer'] !== issuer) {
    throw new Error(`the document at ${base} is not that of the issuer "${issuer}"`);
  }
  const { jwks_uri: uri } = document;
  const keys = await fetchJson(trustedUrl('jwks_uri', typeof uri === 'string' ? uri : ''));
  if (!isKeySet(keys)) throw new Error(`the keys of ${issuer} are no JSON Web Key Set`);
  return keys;
}

const isKeySet = (value: unknown): value is JSONWebKeySet =>
  isJsonObject(value) &&
  Array.isArray(value['keys']) &&
  value['keys'].length <= MAX_KEYS &&
  value['keys'].every(isJsonObject);
