/**
 * Works on all items; those whose result says that it may be another one once others are done are
 * worked on again, for as long as that gets any of them done. The results are in the order of the
 * items. `work` answers with one result an item.
 */
export async function inRounds<T, R>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<readonly R[]>,
  mayPass: (result: R) => boolean,
): Promise<R[]> {
  const results = new Map<number, R>();
  let left = [...items.keys()];
  for (;;) {
    const found = await work(left.map((index) => items[index] as T));
    for (const [at, result] of found.entries()) results.set(left[at] as number, result);
    const again = left.filter((_, at) => mayPass(found[at] as R));
    if (again.length === 0 || again.length === left.length) break;
    left = again;
  }
  return [...items.keys()].map((index) => results.get(index) as R);
}
