import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './http.js';
import { linesOf } from './lines.js';
import { ServerError } from './server-error.js';
import type { StatusBody } from './server-error.js';
import type { Request } from './transport.js';

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}

interface AnyObject {
  readonly metadata: { readonly resourceVersion: string };
}

type Line<T> =
  | WatchEvent<T>
  | { readonly type: 'BOOKMARK'; readonly object: AnyObject }
  | { readonly type: 'ERROR'; readonly object: StatusBody };

/** Pause before a stream that ended is opened again. */
const RECONNECT_MS = 500;

/** Lines until the server ends the stream, or the connection breaks: both are the same here. */
async function* lines(stream: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* linesOf(stream);
  } catch (error) {
    if (signal.aborted || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
}

/**
 * Changes of a collection after `since`, in order, for as long as the signal allows: a stream that
 * ends is continued where it stopped. Throws EXPIRED when that is too long ago, and
 * SERVER_UNREACHABLE when the server is gone.
 */
export async function* watchFrom<T extends AnyObject>(
  client: Client,
  { path, query: selection, accept }: Pick<Request, 'path' | 'query' | 'accept'>,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>> {
  const request = { path, signal, ...(accept !== undefined && { accept }) };
  for (let resourceVersion = since; ; await sleep(RECONNECT_MS, undefined, { signal })) {
    const query = { ...selection, watch: 'true', allowWatchBookmarks: 'true', resourceVersion };
    for await (const line of lines(await client.stream({ ...request, query }), signal)) {
      const event = JSON.parse(line) as Line<T>;
      if (event.type === 'ERROR') throw new ServerError(Number(event.object.code), event.object);
      resourceVersion = event.object.metadata.resourceVersion;
      if (event.type !== 'BOOKMARK') yield event;
    }
  }
}
