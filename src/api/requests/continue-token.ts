import { isJsonObject } from '../../lib/merge-patch.js';
import { badRequest } from '../refusals.js';

/** Where the next page of a list begins. */
export interface Continuation {
  /** Version of the list that the first page was taken from. */
  readonly resourceVersion: string;
  /** Key of the last object on the page before. */
  readonly after: string;
}

/** Far more than the longest name needs. */
const MAX_LENGTH = 1024;

/** A text that says where to go on, for clients to hand back as it is. */
export function continueToken({ resourceVersion, after }: Continuation): string {
  return Buffer.from(JSON.stringify({ rv: resourceVersion, after })).toString('base64url');
}

/** What such a text says. BAD_REQUEST for anything that continueToken did not make. */
export function parseContinueToken(token: string): Continuation {
  const value = token.length > MAX_LENGTH ? undefined : decoded(token);
  if (!isJsonObject(value)) throw invalidToken();
  const { rv, after } = value;
  if (typeof rv !== 'string' || !/^\d{1,18}$/.test(rv)) throw invalidToken();
  if (typeof after !== 'string') throw invalidToken();
  return { resourceVersion: rv, after };
}

function decoded(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

const invalidToken = (): Error =>
  badRequest('The continue token is not valid: take it from the list before as it is');
