import type { Entry } from '../answers.js';
import { qualifiedName } from '../resource.js';
import type { Resource } from '../resource.js';
import { listOf, renderDocument } from './document.js';
import { ObjectTable } from './object-table.js';
import type { Shown, TableOptions } from './object-table.js';

export const FORMATS = ['wide', 'json', 'yaml', 'name'] as const;

/** A table when undefined. */
export type Format = (typeof FORMATS)[number] | undefined;

export const isTable = (format: Format): boolean => format === undefined || format === 'wide';

/** Turns objects into text, without the last line feed. */
export interface Printer {
  /** All at once; empty when there is nothing to say. `isSingle`: one was asked for by name. */
  page(shown: readonly Shown[], isSingle: boolean): Promise<string>;
  /** One more of the last kind, after the page. */
  one(entry: Entry): Promise<string>;
}

/** The printer of a format. */
export function printerFor(format: Format, options: TableOptions): Printer {
  if (format === 'name') return namePrinter();
  if (format === 'json' || format === 'yaml') return documentPrinter(format);
  return tablePrinter(options);
}

function tablePrinter(options: TableOptions): Printer {
  let last: ObjectTable | undefined;
  const pageOf = (shown: Shown): string => {
    last = new ObjectTable(shown, options);
    return last.lines(shown.entries);
  };
  return {
    page: async (shown) =>
      shown
        .map(pageOf)
        .filter((text) => text !== '')
        .join('\n\n'),
    one: async (entry) => last?.lines([entry]) ?? '',
  };
}

function namePrinter(): Printer {
  let last: Resource | undefined;
  const line = (resource: Resource, { object }: Entry): string =>
    qualifiedName(resource, object.metadata.name);
  return {
    page: async (shown) => {
      last = shown.at(-1)?.resource;
      return shown
        .flatMap(({ resource, entries }) => entries.map((entry) => line(resource, entry)))
        .join('\n');
    },
    one: async (entry) => (last === undefined ? '' : line(last, entry)),
  };
}

function documentPrinter(format: 'json' | 'yaml'): Printer {
  const separator = format === 'yaml' ? '---\n' : '';
  return {
    page: (shown, isSingle) => {
      const objects = shown.flatMap(({ entries }) => entries.map(({ object }) => object));
      const [first] = objects;
      return renderDocument(isSingle && first ? first : listOf(objects), format);
    },
    one: async ({ object }) => separator + (await renderDocument(object, format)),
  };
}
