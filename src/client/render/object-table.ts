import { cellText } from '../answers.js';
import type { Column, Entry } from '../answers.js';
import { qualifiedName } from '../resource.js';
import type { Resource } from '../resource.js';
import { columns } from './table.js';

/** What is printed of one kind. */
export interface Shown {
  readonly resource: Resource;
  readonly columns: readonly Column[];
  readonly entries: readonly Entry[];
}

/** How a table is to look. */
export interface TableOptions {
  readonly wide: boolean;
  readonly headers: boolean;
  /** Labels that get a column each. */
  readonly labels: readonly string[];
  /** A column with all labels. */
  readonly showLabels: boolean;
  /** Names with their kind before them, where several kinds are shown. */
  readonly withKind: boolean;
}

/** The columns that everybody gets. */
export const PLAIN_TABLE: TableOptions = {
  ...{ wide: false, headers: true, labels: [], showLabels: false, withKind: false },
};

/** Objects of one kind in the columns that the server made; goes on as objects change. */
export class ObjectTable {
  readonly #layout = columns();
  readonly #chosen: readonly { readonly column: Column; readonly index: number }[];
  #isBegun = false;

  constructor(
    private readonly shown: Shown,
    private readonly options: TableOptions,
  ) {
    this.#chosen = shown.columns
      .map((column, index) => ({ column, index }))
      .filter(({ column }) => options.wide || column.priority === 0);
  }

  /** Lines for the entries, the titles of the columns before the first. */
  lines(entries: readonly Entry[]): string {
    const rows = entries.map((entry) => this.#row(entry));
    const header = this.options.headers && !this.#isBegun ? [this.#header()] : [];
    if (rows.length > 0) this.#isBegun = true;
    return rows.length === 0 ? '' : this.#layout.lines([...header, ...rows]).join('\n');
  }

  #header(): string[] {
    const names = this.#chosen.map(({ column }) => column.name);
    const labels = this.options.labels.map((key) => key.split('/').at(-1) ?? key);
    const all = this.options.showLabels ? ['labels'] : [];
    return [...names, ...labels, ...all].map((name) => name.toUpperCase());
  }

  #row({ cells, object }: Entry): string[] {
    const shown = this.#chosen.map(({ column, index }) =>
      this.#named(column, cellText(cells[index] ?? null)),
    );
    const own = new Map(Object.entries(object.metadata.labels ?? {}));
    const labels = this.options.labels.map((key) => own.get(key) ?? '');
    return [...shown, ...labels, ...(this.options.showLabels ? [labelsText(own)] : [])];
  }

  #named({ format }: Column, text: string): string {
    const isName = this.options.withKind && format === 'name';
    return isName ? qualifiedName(this.shown.resource, text) : text;
  }
}

const labelsText = (labels: ReadonlyMap<string, string>): string =>
  [...labels].map(([key, value]) => `${key}=${value}`).join(',') || '<none>';
