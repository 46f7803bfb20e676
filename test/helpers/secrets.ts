import type { SecretType } from '../../src/model/secret.js';
import { API_VERSION } from '../../src/model/names.js';
import type { Draft, Registry, Written } from '../../src/registry/registry.js';

type Values = Readonly<Record<string, string | Buffer>>;

/** Stores a Secret of just these values, as the API does. */
export async function writeSecret(
  registry: Registry,
  name: string,
  values: Values,
  more: { readonly type?: SecretType; readonly modules?: string[] } = {},
): Promise<Written<'Secret'>> {
  const given = Object.entries(values).map(([key, text]) => {
    const value = Buffer.from(text);
    return { key, value, fingerprint: registry.secrets.fingerprint(value) };
  });
  const draft: Draft<'Secret'> = {
    ...{ apiVersion: API_VERSION, kind: 'Secret', metadata: { name }, type: 'Opaque', ...more },
    data: Object.fromEntries(given.map(({ key, fingerprint }) => [key, fingerprint])),
  };
  const options = { values: new Map(given.map(({ fingerprint, value }) => [fingerprint, value])) };
  if (registry.get('Secret', name) === undefined) return registry.create('Secret', draft, options);
  return registry.update('Secret', name, () => draft, options);
}
