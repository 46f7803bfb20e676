import type { Column } from '../../kinds/definition.js';
import type { AnyKind } from '../../kinds/registered.js';
import type { Stored } from '../../registry/registry.js';
import { badRequest } from '../refusals.js';
import { printable } from '../../lib/printable.js';
import { textOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import { metadataJson } from './partial-metadata.js';
import type { ListMeta } from './page.js';

const INCLUDED = ['Metadata', 'Object', 'None'] as const;
type Included = (typeof INCLUDED)[number];

/** How a client wants its tables. */
export interface TableStyle {
  /** `meta.k8s.io/v1` or an older one. */
  readonly apiVersion: string;
  /** What comes with each row. */
  readonly included: Included;
}

/** How much of each object comes with its row: the query parameter `includeObject`. */
export function includedOf(query: Query): Included {
  const text = textOf(query, 'includeObject') ?? 'Metadata';
  const known = INCLUDED.find((one) => one === text);
  if (known !== undefined) return known;
  const message = `Unrecognized includeObject "${printable(text)}": use Metadata, Object or None`;
  throw badRequest(message);
}

/**
 * JSON of a Table: what `kubectl get` prints. `now` in milliseconds since 1970; `withColumns` is
 * false where the client has the definitions of the columns from an earlier table.
 */
export function tableJson(
  definition: AnyKind,
  items: readonly Stored[],
  metadata: ListMeta,
  { style, now, withColumns = true }: { style: TableStyle; now: number; withColumns?: boolean },
): string {
  const { apiVersion } = style;
  const columnDefinitions = withColumns ? definition.columns.map(columnOf) : null;
  const head = JSON.stringify({ kind: 'Table', apiVersion, metadata, columnDefinitions });
  const rows = items.map((stored) => rowJson(definition.columns, stored, style, now));
  return `${head.slice(0, -1)},"rows":[${rows.join(',')}]}`;
}

function columnOf({ name, type, format, description, wide }: Column<never>): object {
  return { name, type, format: format ?? '', description, priority: wide === true ? 1 : 0 };
}

function rowJson(
  columns: AnyKind['columns'],
  stored: Stored,
  { included, apiVersion }: TableStyle,
  now: number,
): string {
  const cells = JSON.stringify(columns.map((column) => column.cell(stored.object, now)));
  switch (included) {
    case 'None':
      return `{"cells":${cells}}`;
    case 'Object':
      return `{"cells":${cells},"object":${stored.json}}`;
    case 'Metadata':
      return `{"cells":${cells},"object":${metadataJson(stored, apiVersion)}}`;
  }
}
