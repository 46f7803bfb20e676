import type { ApiDeps } from '../deps.js';
import type { Handler } from '../endpoint.js';
import type { Load } from '../load.js';
import type { Query } from '../requests/query.js';
import { sendText } from '../serving/text-stream.js';
import { limitBytes } from '../../lib/limit-bytes.js';
import { byteLimitOf, logRequestOf } from './log-query.js';
import { podSlotOf } from './pod-slot.js';

/** Output of the container of a pod, as text. */
export function podLogHandler(deps: ApiDeps, load: Load): Handler {
  return async (request, reply) => {
    const query = request.query as Query;
    const { module, place } = podSlotOf(deps, request);
    const [part, limit] = [logRequestOf(query), byteLimitOf(query)];
    const lines = limitBytes(await deps.operations.logs(module, place, part), limit);
    sendText({ lines, load, log: deps.log }, request, reply);
  };
}
