import { printable } from '../../lib/printable.js';
import type { LogRequest } from '../../controller/operations.js';
import { badRequest } from '../refusals.js';
import { countOf, flagOf, textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';

/** The part of a log that a query asks for, in Kubernetes' parameters. BAD_REQUEST. */
export function logRequestOf(query: Query): LogRequest {
  const tail = countOf(query, 'tailLines');
  const sinceSeconds = countOf(query, 'sinceSeconds');
  const sinceTime = timeOf(query, 'sinceTime');
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    throw badRequest('At most one of "sinceTime" and "sinceSeconds" may be given');
  }
  return {
    follow: flagOf(query, 'follow') === true,
    timestamps: flagOf(query, 'timestamps') === true,
    previous: flagOf(query, 'previous') === true,
    ...(tail !== undefined && { tail }),
    ...(sinceSeconds !== undefined && { sinceSeconds }),
    ...(sinceTime !== undefined && { sinceTime }),
  };
}

/** How many bytes of a log a query asks for at most; undefined for all. BAD_REQUEST. */
export function byteLimitOf(query: Query): number | undefined {
  const limit = countOf(query, 'limitBytes');
  if (limit === 0) throw badRequest('Query parameter "limitBytes" must be greater than 0');
  return limit;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

/** Milliseconds since 1970. */
function timeOf(query: Query, key: string): number | undefined {
  const text = textOf(query, key);
  if (text === undefined) return undefined;
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  const example = '2026-01-31T08:00:00Z';
  throw badRequest(
    `Query parameter "${key}" must be a time such as ${example}, not "${printable(text)}"`,
  );
}
