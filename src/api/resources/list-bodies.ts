import type { AnyKind } from '../../kinds/registered.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Stored } from '../../registry/registry.js';
import type { Page } from './page.js';

interface Whole {
  readonly items: readonly Stored[];
  readonly itemsBytes: Buffer;
  readonly resourceVersion: string;
  readonly body: Buffer;
}

/**
 * Lists of one kind as bytes. The last whole list, which clients ask for most, is kept: its objects
 * until one of them changes, all of it until anything does.
 */
export class ListBodies {
  #whole: Whole | undefined;

  /** JSON of a list. */
  body(definition: AnyKind, page: Page): Buffer {
    return page.isWhole ? this.#wholeBody(definition, page) : made(definition, page, bytesOf(page));
  }

  #wholeBody(definition: AnyKind, page: Page): Buffer {
    const { items, metadata } = page;
    const { resourceVersion } = metadata;
    const known = this.#whole?.items === items ? this.#whole : undefined;
    if (known?.resourceVersion === resourceVersion) return known.body;
    const itemsBytes = known?.itemsBytes ?? bytesOf(page);
    const body = made(definition, page, itemsBytes);
    this.#whole = { items, itemsBytes, resourceVersion, body };
    return body;
  }
}

const END = Buffer.from(']}');

function made(definition: AnyKind, { metadata }: Page, itemsBytes: Buffer): Buffer {
  const head = { kind: `${definition.kind}List`, apiVersion: apiVersionOf(definition), metadata };
  const begin = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`);
  return Buffer.concat([begin, itemsBytes, END]);
}

const bytesOf = ({ items }: Page): Buffer => Buffer.from(items.map(({ json }) => json).join(','));
