/** The names that a name needs; none for one that is not known. */
export type NeedsOf = (name: string) => readonly string[];

/**
 * The shortest cycle that a name is in, as the way from the name back to it: `[a, b, a]`. Undefined
 * when it is in none. Nothing here calls itself: a chain may be longer than a stack is deep.
 */
export function cycleThrough(name: string, needsOf: NeedsOf): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [name];
  for (const at of queue) {
    for (const next of needsOf(at)) {
      if (next === name) return [...wayTo(at, cameFrom), name];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

/** From the name where the search began to another one. */
function wayTo(name: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [name];
  for (let at = cameFrom.get(name); at !== undefined; at = cameFrom.get(at)) way.push(at);
  return way.toReversed();
}

/** All that can be reached from some names, these first, each once. */
export function reachableFrom(names: Iterable<string>, needsOf: NeedsOf): string[] {
  const found = new Set(names);
  // A set goes on over what is added meanwhile.
  for (const at of found) for (const next of needsOf(at)) found.add(next);
  return [...found];
}

/**
 * The names in waves: the first need none of the others, the next only those before them. Sorted by
 * name in a wave; what is in a cycle, or needs it, comes last.
 */
export function startOrder(names: Iterable<string>, needsOf: NeedsOf): string[] {
  const left = new Set([...names].toSorted());
  const order: string[] = [];
  for (;;) {
    const wave = [...left].filter((name) => !needsOf(name).some((one) => left.has(one)));
    if (wave.length === 0) return [...order, ...left];
    for (const name of wave) left.delete(name);
    order.push(...wave);
  }
}
