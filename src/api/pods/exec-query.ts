import type { ExecRequest } from '../../docker/runtime.js';
import { badRequest } from '../refusals.js';
import { flagOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';

/** A command that a client wants to run, and what it wants to hear of it. */
export interface Execution extends ExecRequest {
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** Words of a command; the line of a request is bounded too. */
const MAX_WORDS = 1000;

/** The command that a query asks for, in Kubernetes' parameters. BAD_REQUEST. */
export function executionOf(query: Query): Execution {
  const execution = {
    command: commandOf(query),
    stdin: flagOf(query, 'stdin') === true,
    tty: flagOf(query, 'tty') === true,
    stdout: flagOf(query, 'stdout') !== false,
    stderr: flagOf(query, 'stderr') !== false,
  };
  if (execution.stdin || execution.stdout || execution.stderr) return execution;
  throw badRequest('At least one of "stdin", "stdout" and "stderr" must be true');
}

function commandOf(query: Query): string[] {
  const given: unknown = query['command'] ?? [];
  const words = (Array.isArray(given) ? given : [given]).map(String);
  if (words.length === 0 || words[0] === '') throw badRequest('You must specify a command');
  if (words.length > MAX_WORDS) throw badRequest(`A command has at most ${MAX_WORDS} words`);
  if (words.some((word) => word.includes('\0'))) throw badRequest('A command has no NUL in it');
  return words;
}
