import { expect } from 'vitest';
import type { TokenSpec } from '../../../src/kinds/token/schema.js';
import type { TestApi } from '../test-api.js';

export const TOKENS = '/apis/registrar.synapsis.network/v1/tokens';

/** A token as a client writes it. */
export const tokenManifest = (name: string, spec: Partial<TokenSpec> = {}) => ({
  apiVersion: 'registrar.synapsis.network/v1',
  kind: 'Token',
  metadata: { name },
  spec: { role: 'viewer', ...spec },
});

/** Makes a token through the API; resolves to its secret. */
export async function makeToken(
  api: Pick<TestApi, 'call'>,
  name: string,
  spec: Partial<TokenSpec> = {},
): Promise<string> {
  const { code, body } = await api.call('POST', TOKENS, { body: tokenManifest(name, spec) });
  expect(code).toBe(201);
  return body.status.token as string;
}

/** The header of who has a secret. */
export const bearer = (secret: string): { authorization: string } => ({
  authorization: `Bearer ${secret}`,
});
