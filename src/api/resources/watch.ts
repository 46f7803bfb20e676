import type { FastifyReply, FastifyRequest } from 'fastify';
import { every } from '../../lib/every.js';
import { acceptedForm } from '../requests/accept.js';
import type { Query } from '../requests/query.js';
import { LineStream } from '../serving/line-stream.js';
import { beginStream } from '../serving/streaming.js';
import { OBJECT_FORMS } from './forms.js';
import { namespaceOf } from './kind-context.js';
import type { KindContext } from './kind-context.js';
import { changeEvent } from './watch-events.js';
import type { WatchEvent } from './watch-events.js';
import { watchFormOf } from './watch-form.js';
import type { WatchForm } from './watch-form.js';
import { bookmarkLine } from './watch-lines.js';
import { watchRequestOf } from './watch-request.js';
import type { WatchRequest } from './watch-request.js';

const BOOKMARK_INTERVAL_MS = 60_000;

/**
 * Answers with one JSON line per change until the client leaves, its time is over, it reads too
 * slowly or the server stops. Throws EXPIRED before anything is sent when the changes since the
 * version that was asked for are not known any more.
 */
export function watch(context: KindContext, request: FastifyRequest, reply: FastifyReply): void {
  const { deps, load } = context;
  const wanted = watchRequestOf(
    request.query as Query,
    context.definition,
    namespaceOf(request),
    Math.random,
  );
  const form = formOf(context, request);
  const stream = new LineStream(reply.raw);
  const cleanUps: (() => void)[] = [];
  const stop = (): void => cleanUps.splice(0).forEach((cleanUp) => cleanUp());
  const mark = (): void => stream.push(bookmarkLine(form, deps.registry.resourceVersion, false));
  const finish = (): void => {
    stop();
    if (wanted.withBookmarks) mark();
    stream.end();
  };

  cleanUps.push(load.openStream(request, finish));
  try {
    cleanUps.push(subscribe(context, wanted, form, stream));
  } catch (error) {
    stop();
    throw error;
  }
  cleanUps.push(deps.clock.after(wanted.timeoutMs, finish));
  if (wanted.withBookmarks) {
    const unmark = every(BOOKMARK_INTERVAL_MS, deps.clock, mark);
    cleanUps.push(() => void unmark());
  }
  beginStream(reply, 'application/json', stop);
  stream.start();
}

function formOf({ deps, definition }: KindContext, request: FastifyRequest): WatchForm {
  const form = acceptedForm(request.headers.accept, OBJECT_FORMS);
  return watchFormOf(definition, form, request.query as Query, () => deps.clock.now());
}

/** Puts what there is into the stream, then every change; returns the function that ends it. */
function subscribe(
  { deps: { registry }, definition: { kind }, memory }: KindContext,
  { selection, withInitialEvents, marksInitialEnd, since }: WatchRequest,
  form: WatchForm,
  stream: LineStream,
): () => void {
  const newest = registry.resourceVersion;
  let isFirst = true;
  const tell = (event: WatchEvent | undefined): void => {
    if (event === undefined) return;
    stream.push(memory.lines.line(event, form, isFirst));
    isFirst = false;
  };
  if (withInitialEvents) {
    const selected = registry.list(kind).items.filter(({ object }) => selection.matches(object));
    for (const stored of selected) tell({ type: 'ADDED', stored });
  }
  if (marksInitialEnd) stream.push(bookmarkLine(form, newest, true));
  const from = withInitialEvents ? newest : (since ?? newest);
  return registry.watch(kind, from, (change) => tell(changeEvent(change, selection)));
}
