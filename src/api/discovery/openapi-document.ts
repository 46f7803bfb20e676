import type { JsonObject } from '../../lib/merge-patch.js';
import { componentsOf, sharedComponents } from './openapi-components.js';
import type { DescribedKind } from './openapi-components.js';
import { pathsOf } from './openapi-paths.js';
import type { ServedKind } from './openapi-paths.js';

/** OpenAPI 3.0 of the kinds of one group version, whose paths begin with `base`. */
export function openApiDocument(
  base: string,
  kinds: readonly (DescribedKind & ServedKind)[],
  productVersion: string,
): JsonObject {
  return {
    openapi: '3.0.0',
    info: { title: 'Registrar', version: `v${productVersion}` },
    paths: Object.assign({}, ...kinds.map((kind) => pathsOf(base, kind))) as JsonObject,
    components: {
      schemas: Object.assign(sharedComponents(), ...kinds.map(componentsOf)) as JsonObject,
      securitySchemes: { BearerToken: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ BearerToken: [] }],
  };
}

/** What clients of before OpenAPI 3 get: a document that is valid and says nothing. */
export function swaggerDocument(productVersion: string): JsonObject {
  return {
    swagger: '2.0',
    info: { title: 'Registrar', version: `v${productVersion}` },
    paths: {},
    definitions: {},
  };
}

/**
 * The same in protobuf: field 1, text, `2.0`. kubectl before 1.29 takes no other form of the
 * document, and this much of it lets it create and apply.
 */
export const SWAGGER_PROTOBUF = Buffer.from([0x0a, 0x03, 0x32, 0x2e, 0x30]);
