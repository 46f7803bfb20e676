import type { Clock } from '../../lib/clock.js';
import { ListBodies } from './list-bodies.js';
import { Snapshots } from './snapshots.js';
import { WatchLines } from './watch-lines.js';

/** What the readers of one kind share, so that it is made once. */
export interface ReadMemory {
  readonly snapshots: Snapshots;
  readonly bodies: ListBodies;
  readonly lines: WatchLines;
}

export const readMemory = (clock: Clock): ReadMemory => ({
  snapshots: new Snapshots(clock),
  bodies: new ListBodies(),
  lines: new WatchLines(),
});
