import type { Token, TokenSpec, TokenStatus } from '../../src/kinds/token/schema.js';

/** A viewer's token as it is stored. */
export const aToken = (
  name: string,
  spec: Partial<TokenSpec> = {},
  status: TokenStatus = { hashes: [] },
): Token => ({
  apiVersion: 'registrar.synapsis.network/v1',
  kind: 'Token',
  metadata: {
    ...{ name, uid: `uid-of-${name}`, resourceVersion: '1', generation: 1 },
    creationTimestamp: '2026-01-01T12:00:00Z',
  },
  spec: { role: 'viewer', exec: false, ...spec },
  status,
});
