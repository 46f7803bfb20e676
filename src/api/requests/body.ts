import type { FastifyRequest } from 'fastify';
import { formatPath } from '../../lib/field-path.js';
import { findDataProblems } from '../../lib/plain-data.js';
import { readDocuments } from '../../lib/yaml.js';
import { RegistrarError } from '../../model/errors.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { badRequest } from '../refusals.js';

const JSON_TYPES = ['', 'application/json'];
const YAML_TYPES = ['application/yaml'];
const MERGE_PATCH_TYPES = ['application/merge-patch+json'];

/** Most problems of a body that one answer lists. */
const MAX_LISTED = 10;

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

/** The body as a merge patch; the other patch types are UNSUPPORTED_MEDIA_TYPE. */
export function readMergePatch(request: FastifyRequest): JsonObject {
  if (!MERGE_PATCH_TYPES.includes(mediaTypeOf(request))) throw unsupported(MERGE_PATCH_TYPES);
  return asObject(parseJson(decode(bytesOf(request))));
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

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest('The body of the request is not valid UTF-8');
  }
}

function parseJson(text: string): unknown {
  const value = parsed(text);
  const problems: string[] = [];
  for (const { path, message } of findDataProblems(value)) {
    problems.push(`${formatPath(path) || 'the body'}: ${message}`);
    if (problems.length === MAX_LISTED) break;
  }
  if (problems.length === 0) return value;
  throw badRequest(`The body of the request is refused: ${problems.join('; ')}`);
}

/** The parser's own message quotes the text, which may hold a secret: only its position is told. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /at position \d+/.exec(String(error))?.[0];
    throw badRequest(`The body of the request is not valid JSON ${position ?? ''}`.trimEnd());
  }
}

function parseYaml(text: string): unknown {
  const { documents, problems } = readDocuments(text);
  if (problems.length > 0) {
    const texts = problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
    throw badRequest(
      `The body of the request is refused: ${texts.slice(0, MAX_LISTED).join('; ')}`,
    );
  }
  if (documents.length > 1) throw badRequest('The body of the request must be one document');
  return documents[0]?.value;
}
