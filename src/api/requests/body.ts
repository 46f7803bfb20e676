import type { FastifyRequest } from 'fastify';
import { isJsonPatch, MAX_OPERATIONS } from '../../lib/json-patch.js';
import { RegistrarError } from '../../model/errors.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { badRequest } from '../refusals.js';
import { decode, parseJson, parseYaml } from './body-text.js';

const JSON_TYPES = ['', 'application/json'];
const YAML_TYPES = ['application/yaml'];
const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const PATCH_TYPES = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH];

/**
 * The body of a request as plain data, undefined when it is empty. Without a content type it is
 * JSON. UNSUPPORTED_MEDIA_TYPE for other types than JSON and YAML, BAD_REQUEST for what cannot be
 * parsed, nests too deep, or has keys or characters that no manifest may have.
 */
export function readBody(request: FastifyRequest): unknown {
  const bytes = bytesOf(request);
  if (bytes.length === 0) return undefined;
  const type = mediaTypeOf(request);
  if (JSON_TYPES.includes(type)) return parseJson(decode(bytes));
  if (YAML_TYPES.includes(type)) return parseYaml(decode(bytes));
  throw unsupported([...JSON_TYPES.slice(1), ...YAML_TYPES]);
}

/** The body as one object. */
export function readObject(request: FastifyRequest): JsonObject {
  return asObject(readBody(request));
}

/** What a request to patch asks for. */
export type Patch =
  | { readonly type: 'merge'; readonly patch: JsonObject }
  | { readonly type: 'json'; readonly operations: readonly JsonObject[] }
  /** What the object shall be, as far as the sender has an opinion. */
  | { readonly type: 'apply'; readonly config: JsonObject };

/** The body as a patch, by its content type; others than these are UNSUPPORTED_MEDIA_TYPE. */
export function readPatch(request: FastifyRequest): Patch {
  const type = mediaTypeOf(request);
  const text = decode(bytesOf(request));
  switch (type) {
    case MERGE_PATCH:
      return { type: 'merge', patch: asObject(parseJson(text)) };
    case JSON_PATCH:
      return { type: 'json', operations: asOperations(parseJson(text)) };
    case APPLY_PATCH:
      return { type: 'apply', config: asObject(parseYaml(text)) };
    default:
      throw unsupported(PATCH_TYPES);
  }
}

function asOperations(value: unknown): readonly JsonObject[] {
  if (!isJsonPatch(value)) throw badRequest('A JSON patch must be a list of operations');
  if (value.length <= MAX_OPERATIONS) return value;
  const message = `A JSON patch has at most ${MAX_OPERATIONS} operations, this one ${value.length}`;
  throw new RegistrarError('TOO_LARGE', message);
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw badRequest('The body of the request must be one object');
}

/** The body as it came, empty when there is none. */
export const bytesOf = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);

/** `type/subtype` in lower case, empty when the request names none. */
export function mediaTypeOf(request: FastifyRequest): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase();
}

function unsupported(accepted: readonly string[]): RegistrarError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new RegistrarError('UNSUPPORTED_MEDIA_TYPE', message);
}
