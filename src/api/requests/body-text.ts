import { formatPath } from '../../lib/field-path.js';
import { findDataProblems, hasMoreValuesThan } from '../../lib/plain-data.js';
import { MAX_VALUES, MAX_YAML_BYTES, readDocuments } from '../../lib/yaml.js';
import { isRegistrarError, RegistrarError } from '../../model/errors.js';
import { badRequest } from '../refusals.js';

/** Most problems of a body that one answer lists. */
const MAX_LISTED = 10;

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Throws BAD_REQUEST for bytes that are no text. */
export function decode(bytes: Buffer): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw badRequest('The body of the request is not valid UTF-8');
  }
}

/**
 * The data that a text says, in JSON. BAD_REQUEST when it cannot be parsed, nests too deep, or has keys or
 * characters that no manifest may have.
 */
export function parseJson(text: string): unknown {
  return checked(parsed(text));
}

/** JSON data, unless something is wrong with it. */
function checked(value: unknown): unknown {
  if (hasMoreValuesThan(MAX_VALUES, value)) {
    throw badRequest(`The body of the request has more than ${MAX_VALUES} values`);
  }
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

/**
 * The same in YAML, of one document. It may be JSON, as most clients send it under that name: that
 * is read in a fraction of the time. TOO_LARGE for more YAML than is read.
 */
export function parseYaml(text: string): unknown {
  if (text.startsWith('{')) {
    try {
      return checked(JSON.parse(text));
    } catch (error) {
      if (isRegistrarError(error)) throw error;
    }
  }
  return parseDocument(text);
}

function parseDocument(text: string): unknown {
  if (Buffer.byteLength(text) > MAX_YAML_BYTES) {
    const message = `Request entity too large: limit for YAML is ${MAX_YAML_BYTES}`;
    throw new RegistrarError('TOO_LARGE', message);
  }
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
