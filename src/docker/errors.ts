import { printable } from '../lib/printable.js';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import type { ErrorCode } from '../model/errors.js';
import { replyOf, textOf } from './reply.js';

/** Longest text of the engine that is passed on. */
const MAX_TEXT = 500;

/** Why an engine cannot be reached, and what helps. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket; start the engine or set DOCKER_HOST',
  ECONNREFUSED: 'nobody listens; start the engine or set DOCKER_HOST',
  EACCES: 'permission denied; join the group that owns the socket',
};

const VERSION_REFUSED = /client version .* is too (new|old)/i;

/** What the engine's text means, whatever its status; the first that fits. */
const TEXTS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/no space left on device|disk quota exceeded/i, 'ENGINE_DISK_FULL'],
  [/port is already allocated|address already in use/i, 'PORT_CONFLICT'],
  [/removal of container .* in progress|marked for removal|is being removed/i, 'CONTAINER_BUSY'],
  [/is already in use by container/i, 'NAME_CONFLICT'],
  [/^container \S+ is (not running|paused|restarting)/i, 'CONTAINER_NOT_RUNNING'],
  [/no such container/i, 'CONTAINER_GONE'],
  [/no such image/i, 'IMAGE_NOT_FOUND'],
  [VERSION_REFUSED, 'ENGINE_ERROR'],
];

/** An answer of the engine that is not success. */
export class EngineRefusal extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.name = 'EngineRefusal';
    this.status = status;
  }
}

/** Text of the engine or a registry, safe to show: one bounded line without credentials. */
export function cleanText(text: string): string {
  const masked = text.replaceAll(/\/\/[^\s/@"]+@/g, '//***@');
  return printable(masked.replaceAll(/\s+/g, ' ').trim(), MAX_TEXT);
}

/**
 * The RegistrarError for a failed call. `doing` completes "Cannot …". A refusal stays as `cause`.
 */
export function toEngineError(error: unknown, doing: string, dockerHost: string): RegistrarError {
  if (isRegistrarError(error)) return error;
  const refusal = refusalOf(error);
  if (refusal === undefined) return unreachable(error, doing, dockerHost);
  const message = `Cannot ${doing}: ${cleanText(refusal.message)}`;
  return new RegistrarError(codeOf(refusal), message, { cause: refusal });
}

export function timeoutError(doing: string, deadlineMs: number): RegistrarError {
  const seconds = deadlineMs / 1000;
  const message = `Cannot ${doing}: the Docker Engine did not answer within ${seconds} s`;
  return new RegistrarError('ENGINE_TIMEOUT', message);
}

/** The same error without what `conceal` covers: a registry may repeat a login in its refusal. */
export function concealed(
  error: RegistrarError,
  doing: string,
  conceal: (text: string) => string,
): RegistrarError {
  const { cause } = error;
  if (!(cause instanceof EngineRefusal)) return error;
  const refusal = new EngineRefusal(cause.status, conceal(cause.message));
  const message = `Cannot ${doing}: ${cleanText(refusal.message)}`;
  return new RegistrarError(error.code, message, { cause: refusal });
}

/** True when the engine refused because a network does not exist. */
export function isNetworkMissing(error: unknown): boolean {
  return isRegistrarError(error) && /network .* not found/i.test(refusalText(error));
}

/**
 * True when another container has by now the address that one had on a network. Of a port of the host
 * the engine says "bind: address already in use".
 */
export function isAddressTaken(error: unknown): boolean {
  if (!isRegistrarError(error)) return false;
  return /(?<!bind: )address already in use/i.test(refusalText(error));
}

/** True when the engine does not speak the version of the API that it was asked in. */
export const isVersionRefused = (error: RegistrarError): boolean =>
  VERSION_REFUSED.test(refusalText(error));

/** The engine's own words about a refused call, empty for another error. */
export function refusalText(error: RegistrarError): string {
  return error.cause instanceof EngineRefusal ? cleanText(error.cause.message) : '';
}

/** HTTP status of a refused call. */
export function refusalStatus(error: unknown): number | undefined {
  const cause = isRegistrarError(error) ? error.cause : undefined;
  return cause instanceof EngineRefusal ? cause.status : undefined;
}

function codeOf({ status, message }: EngineRefusal): ErrorCode {
  const known = TEXTS.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return known[1];
  return status === 400 ? 'INVALID' : 'ENGINE_ERROR';
}

/** docker-modem puts the status on its errors and the answer's JSON beside it. */
function refusalOf(error: unknown): EngineRefusal | undefined {
  if (error instanceof EngineRefusal) return error;
  const { statusCode, json, message } = replyOf(error);
  if (typeof statusCode !== 'number') return undefined;
  const bare = textOf(message).replace(/^\(HTTP code \d+\) .*? - /, '');
  return new EngineRefusal(statusCode, textOf(replyOf(json)['message']) || bare);
}

/** What was sent may or may not have been done. */
function unreachable(error: unknown, doing: string, dockerHost: string): RegistrarError {
  const { code, message } = replyOf(error);
  const why = UNREACHABLE[textOf(code)] ?? cleanText(textOf(message) || 'connection lost');
  const text = `Cannot ${doing}: the Docker Engine at "${cleanText(dockerHost)}" is away: ${why}`;
  return new RegistrarError('ENGINE_UNAVAILABLE', text, { cause: error });
}
