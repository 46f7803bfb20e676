import { RegistrarError } from '../model/errors.js';
import { printable } from '../lib/printable.js';

/** An object of any kind, as far as all have the same. */
export interface AnyObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

export type Cell = string | number | boolean | null;

/** A column of a table as the server describes it. */
export interface Column {
  readonly name: string;
  /** `name` for the one that identifies the row. */
  readonly format?: string;
  /** Shown only when more is asked for, unless it is 0. */
  readonly priority: number;
}

/** One object of an answer. */
export interface Entry {
  /** All of it, or its metadata alone in a table. */
  readonly object: AnyObject;
  /** What a table shows of it; empty when none was asked for. */
  readonly cells: readonly Cell[];
}

/** What a server answered to a list, or one event of a watch. */
export interface Answer {
  readonly resourceVersion: string;
  /** Empty when no table was asked for, and where the server had described them already. */
  readonly columns: readonly Column[];
  readonly entries: readonly Entry[];
}

/** To ask for a table. */
export const ACCEPT_TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

interface TableBody {
  readonly kind: 'Table';
  readonly metadata: { readonly resourceVersion: string };
  readonly columnDefinitions: readonly Column[] | null;
  readonly rows: readonly Entry[] | null;
}

interface ListBody {
  readonly kind: string;
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly AnyObject[];
}

/** Reads a table, a list, or one object. INTERNAL when it is nothing of the kind. */
export function readAnswer(body: unknown): Answer {
  const { kind, metadata } = body as Partial<AnyObject>;
  if (typeof kind !== 'string' || typeof metadata?.resourceVersion !== 'string') throw noAnswer();
  const { resourceVersion } = metadata;
  if (kind === 'Table') {
    const { columnDefinitions, rows } = body as TableBody;
    return { resourceVersion, columns: columnDefinitions ?? [], entries: rows ?? [] };
  }
  const { items } = body as ListBody;
  const objects = kind.endsWith('List') && Array.isArray(items) ? items : [body as AnyObject];
  return { resourceVersion, columns: [], entries: objects.map(entryOf) };
}

const entryOf = (object: AnyObject): Entry => ({ object, cells: [] });

const noAnswer = (): RegistrarError =>
  new RegistrarError(
    'INTERNAL',
    'The server did not answer with objects; check that it is a Registrar server',
  );

/** What a cell shows. */
export const cellText = (cell: Cell): string =>
  cell === null ? '' : printable(String(cell), 1000);
