/** Most letters that may differ for a word to be taken for a slip of another. */
const MAX_DISTANCE = 2;

/** The candidate that a mistyped word most likely means, if there is one. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .filter((candidate) => Math.abs(candidate.length - word.length) <= MAX_DISTANCE)
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= MAX_DISTANCE && distance < candidate.length)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Letters to insert, remove or replace to make one word the other, in any case. */
function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      const shorter = Math.min((row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1);
      next.push(Math.min(replaced, shorter));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
