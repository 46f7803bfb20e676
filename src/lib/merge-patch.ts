/** An object of JSON data, as opposed to an array, a text, a number, a boolean or null. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The target after a JSON merge patch (RFC 7386): null deletes, objects merge, everything else
 * replaces. Neither argument is changed. The patch must not nest too deep to recurse into.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const before = isJsonObject(target) ? target : {};
  const after: Record<string, unknown> = { ...before, ...merged(before, patch) };
  for (const [key, value] of Object.entries(patch)) if (value === null) delete after[key];
  return after;
}

function merged(target: JsonObject, patch: JsonObject): JsonObject {
  const set = Object.entries(patch).map(([key, value]) => {
    const old = Object.hasOwn(target, key) ? target[key] : undefined;
    return [key, mergePatch(old, value)] as const;
  });
  return Object.fromEntries(set);
}
