/** What a look at a container's progress saw. */
export type Sample =
  /** Something that is compared with what was seen before; each change is progress. */
  | { readonly kind: 'seen'; readonly value: string; readonly detail: string }
  /** It was looked and there was nothing: no progress either. */
  | { readonly kind: 'nothing'; readonly detail: string }
  /** It could not be looked, which says nothing about the container. */
  | { readonly kind: 'blind' };

/** What is known of a container's progress. Times are monotonic milliseconds. */
export interface Progress {
  readonly value: string | undefined;
  /** What the last look saw, for people. */
  readonly detail: string;
  /** When it last moved, or when looking began. */
  readonly movedAt: number;
  readonly lookedAt: number;
  readonly isStuck: boolean;
}

/** How a container is judged, in milliseconds. */
export interface Terms {
  /** Longest time without progress. */
  readonly withinMs: number;
  /** Looks that are further apart than this say nothing of what was between them. */
  readonly longestGapMs: number;
  /** Monotonic time before which the clock does not run: the end of the start period. */
  readonly notBefore: number;
}

/** What is known when looking begins: the clock begins with it, whatever was before. */
export const beginning = (now: number, { notBefore }: Pick<Terms, 'notBefore'>): Progress => ({
  ...{ value: undefined, detail: '', isStuck: false },
  ...{ movedAt: Math.max(now, notBefore), lookedAt: now },
});

/**
 * What is known after one more look. A container is stuck only when it was looked at all the time and
 * did not move: after a time in which nobody could look the clock begins anew.
 */
export function judge(before: Progress, sample: Sample, now: number, terms: Terms): Progress {
  const wasUnseen = sample.kind === 'blind' || now - before.lookedAt > terms.longestGapMs;
  const value = sample.kind === 'seen' ? sample.value : before.value;
  const detail = sample.kind === 'blind' ? before.detail : sample.detail;
  const hasMoved = wasUnseen || value !== before.value;
  const movedAt = hasMoved ? Math.max(now, terms.notBefore) : before.movedAt;
  return { value, detail, movedAt, lookedAt: now, isStuck: now - movedAt >= terms.withinMs };
}
