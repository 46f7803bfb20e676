import type { FastifyRequest } from 'fastify';
import { accessOf } from '../access/route-access.js';
import { isDryRun } from '../requests/query.js';
import type { Query } from '../requests/query.js';

const READING: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'head', 'options']);

/** What is asked for with a POST and changes nothing. */
const QUESTIONS: ReadonlySet<string> = new Set([
  ...['selfsubjectreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  'modules/plan',
]);

/** Runs a program, whatever the method. */
const COMMANDS: ReadonlySet<string> = new Set(['pods/exec']);

/** Whether a request wants to change something. A dry run does not. */
export function isMutation(request: FastifyRequest): boolean {
  const access = accessOf(request);
  if (access === undefined) return false;
  if ('resource' in access && COMMANDS.has(access.resource)) return true;
  if (READING.has(access.verb)) return false;
  if ('resource' in access && QUESTIONS.has(access.resource)) return false;
  return !asksForDryRun(request.query as Query);
}

function asksForDryRun(query: Query): boolean {
  try {
    return isDryRun(query);
  } catch {
    return false;
  }
}
