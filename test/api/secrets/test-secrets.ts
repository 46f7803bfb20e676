import type { Secret } from '../../../src/kinds/secret/schema.js';
import type { Answer, TestApi } from '../test-api.js';

export const SECRETS = '/apis/registrar.synapsis.network/v1/secrets';

/** A small Secret as a client writes it. */
export const aSecret = (name: string, more: object = {}): Record<string, unknown> => ({
  apiVersion: 'registrar.synapsis.network/v1',
  kind: 'Secret',
  metadata: { name },
  ...more,
});

/** Values that no answer, file or log may hold; long enough to be looked for. */
export const PLAIN = { api: 'canary-api-7f3a19c2', token: 'canary?token/52=e4 &0b' };

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** How a value may stand in a text. */
export function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  return [
    ...[value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)],
    ...[encodeURI(value), bytes.toString('base64'), bytes.toString('base64url')],
    bytes.toString('hex'),
  ];
}

/** Those of some values that a text holds in any form. */
export const found = (text: string, values: readonly string[]): string[] =>
  values.filter((value) => formsOf(value).some((form) => text.includes(form)));

/** The value of a key as the store decrypts it. */
export const revealed = ({ registry }: TestApi, name: string, key: string): string | undefined =>
  registry.secrets.reveal(name, [key]).get(key)?.toString();

export const secretIn = ({ body }: Answer): Secret => body as Secret;

export const created = async (api: TestApi, more: object): Promise<Secret> =>
  secretIn(await api.call('POST', SECRETS, { body: aSecret('keys', more) }));
