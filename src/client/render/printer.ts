import type { Event } from '../../model/event.js';
import { KINDS } from '../names.js';
import type { KindName } from '../names.js';
import type { Module } from '../../model/module.js';
import type { Shown } from '../get.js';
import { listOf, renderDocument } from './document.js';
import { EVENT_HEADER, eventRow } from './events.js';
import { moduleHeader, moduleRow } from './modules.js';
import { columns } from './table.js';

export type Format = 'table' | 'wide' | 'json' | 'yaml' | 'name';

/** Turns objects into text, without the last line feed. */
export interface Printer {
  /** All at once; empty when there is nothing to say. `isSingle`: one was asked for by name. */
  page(items: readonly Shown[], isSingle: boolean): Promise<string>;
  /** One more, after the page. */
  one(item: Shown): Promise<string>;
}

const isEvent = (item: Shown): item is Event => item.kind === 'Event';

function row(item: Shown, wide: boolean): string[] {
  const now = Date.now();
  return isEvent(item) ? eventRow(item, now) : moduleRow(item, wide, now);
}

function tablePrinter(kind: KindName, wide: boolean, headers: boolean): Printer {
  const layout = columns();
  const header = kind === 'Module' ? moduleHeader(wide) : EVENT_HEADER;
  const first = headers ? [header] : [];
  return {
    page: async (items) =>
      items.length === 0
        ? ''
        : layout.lines([...first, ...items.map((item) => row(item, wide))]).join('\n'),
    one: async (item) => layout.lines([row(item, wide)]).join('\n'),
  };
}

function nameOf(item: Module | Event): string {
  const { singular, group } = KINDS[item.kind];
  return `${group === '' ? singular : `${singular}.${group}`}/${item.metadata.name}`;
}

const namePrinter: Printer = {
  page: async (items) => items.map(nameOf).join('\n'),
  one: async (item) => nameOf(item),
};

function documentPrinter(format: 'json' | 'yaml'): Printer {
  const separator = format === 'yaml' ? '---\n' : '';
  return {
    page: (items, isSingle) => {
      const [first] = items;
      return renderDocument(isSingle && first ? first : listOf(items), format);
    },
    one: async (item) => separator + (await renderDocument(item, format)),
  };
}

/** The printer of a format; `headers` adds the titles of a table's columns. */
export function printerFor(
  kind: KindName,
  format: Format,
  { headers }: { readonly headers: boolean },
): Printer {
  switch (format) {
    case 'name':
      return namePrinter;
    case 'json':
    case 'yaml':
      return documentPrinter(format);
    case 'table':
    case 'wide':
      return tablePrinter(kind, format === 'wide', headers);
  }
}
