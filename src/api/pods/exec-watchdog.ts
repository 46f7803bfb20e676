import type { WebSocket } from 'ws';
import type { Clock } from '../../lib/clock.js';

/** How often a client is asked whether it is there still. */
const PING_MS = 30_000;
/** As long as kubelet lets a stream be idle. */
const IDLE_MS = 4 * 60 * 60_000;

/**
 * Cuts off a client that does not answer, and calls `idle` when nobody said anything for hours.
 * Ends with the connection.
 */
export function watchClient(client: WebSocket, clock: Clock, idle: () => void): void {
  let heardAt = clock.monotonic();
  let answered = true;
  client.on('pong', () => (answered = true));
  client.on('message', () => {
    answered = true;
    heardAt = clock.monotonic();
  });
  const look = (): void => {
    // Nothing is heard of a client that waits for its command to read.
    if (!answered && !client.isPaused) return client.terminate();
    if (clock.monotonic() - heardAt >= IDLE_MS) idle();
    answered = false;
    client.ping();
    cancel = clock.after(PING_MS, look);
  };
  let cancel = clock.after(PING_MS, look);
  client.once('close', () => cancel());
}
