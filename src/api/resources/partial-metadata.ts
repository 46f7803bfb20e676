import type { Stored } from '../../registry/registry.js';
import type { Form } from '../requests/accept.js';
import { formVersion, METADATA, METADATA_LIST } from './forms.js';
import type { ListMeta } from './page.js';

/** JSON of the metadata alone of an object; `apiVersion` is that of the form. */
export function metadataJson({ object }: Pick<Stored, 'object'>, apiVersion: string): string {
  return JSON.stringify({ kind: METADATA, apiVersion, metadata: object.metadata });
}

/** JSON of the metadata alone of several objects. */
export function metadataListJson(items: readonly Stored[], metadata: ListMeta, form: Form): string {
  const apiVersion = formVersion(form);
  const head = JSON.stringify({ kind: METADATA_LIST, apiVersion, metadata });
  const parts = items.map((stored) => metadataJson(stored, apiVersion));
  return `${head.slice(0, -1)},"items":[${parts.join(',')}]}`;
}
