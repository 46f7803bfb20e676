import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../lib/clock.js';
import { namespaceOf } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { LineStream } from '../serving/line-stream.js';
import type { Query } from '../requests/query.js';
import { beginStream } from '../serving/streaming.js';
import { bookmark, changeEvent, initialEvent } from './watch-events.js';
import { watchRequestOf } from './watch-request.js';
import type { WatchRequest } from './watch-request.js';

const BOOKMARK_INTERVAL_MS = 60_000;

/**
 * Answers with one JSON line per change until the client leaves, its time is over, it reads too
 * slowly or the server stops. Throws EXPIRED before anything is sent when the changes since the
 * version that was asked for are not known any more.
 */
export function watch(context: KindContext, request: FastifyRequest, reply: FastifyReply): void {
  const { deps, definition, load } = context;
  const query = request.query as Query;
  const wanted = watchRequestOf(query, definition, namespaceOf(request), Math.random);
  const stream = new LineStream(reply.raw);
  const cleanUps: (() => void)[] = [];
  const stop = (): void => cleanUps.splice(0).forEach((cleanUp) => cleanUp());
  const mark = (): void => stream.push(bookmark(definition, deps.registry.resourceVersion, false));
  const finish = (): void => {
    stop();
    if (wanted.withBookmarks) mark();
    stream.end();
  };

  cleanUps.push(load.openStream(request, finish));
  try {
    cleanUps.push(subscribe(context, wanted, stream));
  } catch (error) {
    stop();
    throw error;
  }
  cleanUps.push(deps.clock.after(wanted.timeoutMs, finish));
  if (wanted.withBookmarks) cleanUps.push(every(deps.clock, BOOKMARK_INTERVAL_MS, mark));
  beginStream(reply, 'application/json', stop);
  stream.start();
}

/** Puts what there is into the stream, then every change; returns the function that ends it. */
function subscribe(context: KindContext, wanted: WatchRequest, stream: LineStream): () => void {
  const { deps, definition } = context;
  const { registry } = deps;
  const { selection } = wanted;
  const newest = registry.resourceVersion;
  if (wanted.withInitialEvents) {
    const { items } = registry.list(definition.kind);
    const selected = items.filter(({ object }) => selection.matches(object));
    for (const stored of selected) stream.push(initialEvent(stored));
  }
  if (wanted.marksInitialEnd) stream.push(bookmark(definition, newest, true));
  const since = wanted.withInitialEvents ? newest : (wanted.since ?? newest);
  return registry.watch(definition.kind, since, (change) => {
    const line = changeEvent(change, selection);
    if (line !== undefined) stream.push(line);
  });
}

function every(clock: Clock, intervalMs: number, fire: () => void): () => void {
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.after(intervalMs, () => {
      wait();
      fire();
    });
  };
  wait();
  return () => cancel();
}
