import type { TSchema } from 'typebox';
import type { FieldPath } from '../../lib/field-path.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { Value } from '../../model/module-set.js';

/** What the placeholders of an instance stand for. */
export type Values = ReadonlyMap<string, Value>;

/** A placeholder that stands for nothing. */
export interface Unfilled {
  readonly path: FieldPath;
  /** As it is written, such as `${hotkey}`; `${` for one that has no end or no name. */
  readonly placeholder: string;
}

/** Longest text that a field of a module may have; what is longer is cut, and refused for its length. */
const MAX_TEXT = 32768;

/** `$${` stands for `${`. A name is bounded, so that a text is read once whatever is in it. */
const PLACEHOLDER = /\$\$\{|\$\{([A-Za-z_]\w{0,62})\}|\$\{/g;

/** A text that is one placeholder and nothing else. */
const WHOLE = /^\$\{([A-Za-z_]\w{0,62})\}$/;

/**
 * A template with the values in the place of its placeholders: in texts as text, and as the value
 * itself where the schema wants a number or a switch. `missing` is told of each placeholder that
 * stands for nothing.
 */
export function fill(
  template: unknown,
  schema: TSchema | undefined,
  values: Values,
  missing: (unfilled: Unfilled) => void,
): unknown {
  const at = (value: unknown, part: Part | undefined, path: FieldPath): unknown => {
    if (typeof value === 'string')
      return filledText(value, part, values, (placeholder) => missing({ path, placeholder }));
    if (Array.isArray(value))
      return value.map((item, index) => at(item, part?.items, [...path, index]));
    if (!isJsonObject(value)) return value;
    const fields = Object.entries(value).map(
      ([key, field]) => [key, at(field, fieldIn(part, key), [...path, key])] as const,
    );
    return Object.fromEntries(fields);
  };
  return at(template, schema, []);
}

/** What is looked at of a JSON schema. */
interface Part {
  readonly type?: string;
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
}

const fieldIn = (part: Part | undefined, key: string): Part | undefined =>
  part?.properties !== undefined && Object.hasOwn(part.properties, key)
    ? part.properties[key]
    : undefined;

function filledText(
  text: string,
  part: Part | undefined,
  values: Values,
  missing: (placeholder: string) => void,
): unknown {
  const [, name] = WHOLE.exec(text) ?? [];
  const value = name === undefined ? undefined : values.get(name);
  const wantsText = part === undefined || part.type === 'string';
  if (value !== undefined && !wantsText) return value;
  const filled = text.replaceAll(PLACEHOLDER, (found: string, key?: string) => {
    if (found === '$${') return '${';
    const inside = key === undefined ? undefined : values.get(key);
    if (inside === undefined) missing(found);
    return inside === undefined ? '' : String(inside);
  });
  return filled.slice(0, MAX_TEXT + 1);
}
