/** The part of JSON Schema that manifests are described with. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly 'x-expected'?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A Markdown table with one row for each field of a schema, of which `path` is the root. */
export function fieldTable(path: string, schema: Schema): string {
  const head = ['| field | type and limits | default | meaning |', '| --- | --- | --- | --- |'];
  return [...head, ...rowsOf(path, schema)].join('\n');
}

function rowsOf(path: string, schema: Schema): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const own = `${path}.${name}`;
    const cells = [`\`${own}\``, typeOf(field), defaultOf(name, field, schema), field.description];
    const row = `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
    return [row, ...rowsOf(own, field), ...rowsOf(`${own}[]`, field.items ?? {})];
  });
}

function typeOf(field: Schema): string {
  if (field.const !== undefined) return code(field.const);
  if (field.enum !== undefined) return `one of ${field.enum.map(code).join(', ')}`;
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(' or ');
  const [values] = Object.values(field.patternProperties ?? {});
  const kind = values === undefined ? field.type : `map of ${values.type ?? 'anything'}`;
  const items = field.items && `of ${itemsOf(field.items)}`;
  return [[kind, items].filter(Boolean).join(' '), ...limitsOf(field)].join(', ');
}

/** The type of items, with their limits set apart from those of the list. */
function itemsOf(items: Schema): string {
  const [type, ...limits] = typeOf(items).split(', ');
  return limits.length === 0 ? `${type}` : `${type} (${limits.join(', ')})`;
}

function limitsOf(field: Schema): string[] {
  const { 'x-expected': words } = field;
  const limits = [
    range(field.minimum, field.maximum, ''),
    range(field.minLength, field.maxLength, ' characters'),
    range(field.minItems, field.maxItems, ' items'),
    words,
  ];
  return limits.filter((limit) => limit !== undefined);
}

function range(
  least: number | undefined,
  most: number | undefined,
  unit: string,
): string | undefined {
  if (most !== undefined)
    return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
  return least === undefined ? undefined : `at least ${least}${unit}`;
}

function defaultOf(name: string, field: Schema, parent: Schema): string {
  if (field.default !== undefined) return field.properties ? '' : code(field.default);
  return parent.required?.includes(name) ? 'required' : '';
}

const code = (value: unknown): string =>
  `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``;
