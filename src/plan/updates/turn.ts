/** A module of a set whose modules follow the same, as far as updates are concerned. */
export interface Peer {
  readonly name: string;
  /** What it took up last: a commit or a digest; undefined while that is not known. */
  readonly current: string | undefined;
  /** Since when it runs that and is well, in milliseconds since 1970; undefined while it is not. */
  readonly wellSince: number | undefined;
  /** What it took up before. */
  readonly ran: readonly string[];
  /** What it went back from. */
  readonly failed: ReadonlySet<string>;
  /** Whether all its containers are ready, whatever they run. */
  readonly isServing: boolean;
}

/** How the modules of a set take up what is new: one first, and the others once that has baked. */
export interface Staging {
  readonly set: string;
  readonly bakeMs: number;
  /** How many of the others are on their way at once. */
  readonly atOnce: number;
  readonly isPaused: boolean;
  readonly self: Peer;
  /** The other modules that follow the same, in the order of the set. */
  readonly before: readonly Peer[];
  readonly after: readonly Peer[];
}

/** What a module waits for before it takes something up; `until` in milliseconds since 1970. */
export interface Turn {
  readonly because: string;
  readonly until?: number;
}

type Stage = 'failed' | 'under-way' | 'baking' | 'done' | 'pending';

const othersIn = ({ before, after }: Staging): readonly Peer[] => [...before, ...after];

/** Where a module stands with a commit or digest. */
function stageOf(peer: Peer, id: string, { bakeMs }: Staging, now: number): Stage {
  if (peer.failed.has(id)) return 'failed';
  if (peer.current !== id) return peer.ran.includes(id) ? 'done' : 'pending';
  if (peer.wellSince === undefined) return 'under-way';
  return now < peer.wellSince + bakeMs ? 'baking' : 'done';
}

const at = (staging: Staging, id: string, now: number, stage: Stage): Peer[] =>
  othersIn(staging).filter((peer) => stageOf(peer, id, staging, now) === stage);

/** Whether another module of the set has run it for long enough. */
export const isProven = (staging: Staging, id: string, now: number): boolean =>
  at(staging, id, now, 'done').length > 0;

/**
 * The module that went back from it, for which no other one takes it up. One that has been proven
 * elsewhere, and does not run with what it went back to either, says nothing about it.
 */
export function failedBy(staging: Staging, id: string, now: number): string | undefined {
  const failed = at(staging, id, now, 'failed');
  const telling = isProven(staging, id, now) ? failed.filter(({ isServing }) => isServing) : failed;
  return telling[0]?.name;
}

/**
 * What a module waits for before it takes up `id`; undefined when it is its turn. The first of the
 * set that works is the one that goes first, so that it is the same one each time. Pure: the same
 * modules give the same answer to each of them.
 */
export function turnFor(staging: Staging, id: string, now: number): Turn | undefined {
  if (staging.isPaused) return { because: `the rollout of set "${staging.set}" is paused` };
  const underWay = at(staging, id, now, 'under-way');
  if (isProven(staging, id, now)) {
    return underWay.length < staging.atOnce ? undefined : { because: comesUp(underWay) };
  }
  const baking = at(staging, id, now, 'baking');
  if (underWay.length > 0) return { because: comesUp(underWay) };
  if (baking.length > 0) return bakes(baking, staging);
  const first = firstOf(staging, id, now);
  if (first !== staging.self) return { because: `module "${first.name}" takes it up first` };
  return ownBake(staging, now);
}

function firstOf(staging: Staging, id: string, now: number): Peer {
  const { before, self, after } = staging;
  const pending = [...before, self, ...after].filter(
    (peer) => peer === self || stageOf(peer, id, staging, now) === 'pending',
  );
  return pending.find(({ isServing }) => isServing) ?? pending[0] ?? self;
}

/**
 * Who goes first has to prove what it has before it goes on to something newer, or with frequent
 * releases nothing would ever be proven for the others.
 */
function ownBake(staging: Staging, now: number): Turn | undefined {
  const { self } = staging;
  const { current } = self;
  if (current === undefined || stageOf(self, current, staging, now) !== 'baking') return undefined;
  const waiting = at(staging, current, now, 'pending');
  return waiting.length > 0 ? bakes([self], staging) : undefined;
}

const comesUp = ([first]: readonly Peer[]): string =>
  `module "${first?.name ?? ''}" is on its way with it`;

function bakes(peers: readonly Peer[], { bakeMs, self }: Staging): Turn {
  const untils = peers.map(({ wellSince = 0 }) => wellSince + bakeMs);
  const [first] = peers;
  const because =
    first === self
      ? 'what it runs has to stay well first'
      : `module "${first?.name ?? ''}" has to stay well with it`;
  return { because, until: Math.min(...untils) };
}
