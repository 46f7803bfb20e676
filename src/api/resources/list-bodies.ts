import type { AnyKind } from '../../kinds/registered.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Stored } from '../../registry/registry.js';
import type { Page } from './page.js';

/**
 * Lists of one kind as bytes. Those of the last whole list, which clients ask for most, are kept
 * until one of its objects changes.
 */
export class ListBodies {
  #made: { readonly of: readonly Stored[]; readonly bytes: Buffer } | undefined;

  /** JSON of a list. */
  body(definition: AnyKind, { items, metadata, isWhole }: Page): Buffer {
    const head = { kind: `${definition.kind}List`, apiVersion: apiVersionOf(definition), metadata };
    const begin = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`);
    return Buffer.concat([begin, isWhole ? this.#whole(items) : bytesOf(items), END]);
  }

  #whole(items: readonly Stored[]): Buffer {
    if (this.#made?.of !== items) this.#made = { of: items, bytes: bytesOf(items) };
    return this.#made.bytes;
  }
}

const END = Buffer.from(']}');

const bytesOf = (items: readonly Stored[]): Buffer =>
  Buffer.from(items.map(({ json }) => json).join(','));
