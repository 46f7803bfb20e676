/** Pairs of words that follow one another, and how often each is there. */
export interface Bigrams {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

/** Lines that differ from one project to the next: whose it is, what it is called, where it is. */
const OWN_LINES =
  /^[ \t/*#>-]*(?:copyright\s*(?:\(c\)|©|[0-9<[{]|by\b)|\(c\)|©|all rights reserved|https?:\/\/|spdx-license-identifier).*$/gimu;

/** What follows it says how to use the licence, and is left out by many. */
const END = 'end of terms and conditions';

/** The pairs of words of a licence, without what is the project's own. */
export function bigramsOf(text: string): Bigrams {
  const [terms = ''] = text.toLowerCase().split(END);
  const plain = terms.replaceAll(OWN_LINES, '').replaceAll(/['’"“”]/g, '');
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  const counts = new Map<string, number>();
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    if (next === undefined) break;
    const pair = `${word} ${next}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return { counts, total: Math.max(0, words.length - 1) };
}

/** How alike two texts are, from 0 to 1: the share of pairs that both have (Dice). */
export function likeness(one: Bigrams, other: Bigrams): number {
  if (one.total + other.total === 0) return 0;
  return (2 * shared(one, other)) / (one.total + other.total);
}

function shared(one: Bigrams, other: Bigrams): number {
  let count = 0;
  for (const [pair, times] of one.counts) count += Math.min(times, other.counts.get(pair) ?? 0);
  return count;
}
