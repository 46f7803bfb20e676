import type { AnyKind } from '../../kinds/registered.js';
import { apiVersionOf } from '../../model/kinds.js';
import type { Stored } from '../../registry/registry.js';
import { PLAIN } from '../requests/accept.js';
import type { Form } from '../requests/accept.js';
import type { Query } from '../requests/query.js';
import { formVersion, METADATA, TABLE } from './forms.js';
import { metadataJson } from './partial-metadata.js';
import { includedOf, tableJson } from './table.js';

/** How a watch writes the objects in its events. */
export interface WatchForm {
  /** Forms with the same key write the same. */
  readonly key: string;
  /** JSON of an object; `isFirst` for the first that the client is sent. */
  object(stored: Stored, isFirst: boolean): string;
  /** JSON of what says how far the watch has come. */
  bookmark(resourceVersion: string, annotations: object): string;
}

/** The form that a client accepts. `now` gives milliseconds since 1970, for the ages in tables. */
export function watchFormOf(
  definition: AnyKind,
  form: Form | typeof PLAIN,
  query: Query,
  now: () => number,
): WatchForm {
  if (form === PLAIN) return plainForm(definition);
  if (form.as === TABLE) return tableForm(definition, form, query, now);
  return metadataForm(form);
}

/** Metadata of a bookmark: clients want the empty time, too. */
const markMetadata = (resourceVersion: string, annotations: object): object => ({
  resourceVersion,
  creationTimestamp: null,
  ...annotations,
});

function plainForm(definition: AnyKind): WatchForm {
  const head = { kind: definition.kind, apiVersion: apiVersionOf(definition) };
  return {
    key: PLAIN,
    object: ({ json }) => json,
    bookmark: (...mark) => JSON.stringify({ ...head, metadata: markMetadata(...mark) }),
  };
}

function metadataForm(form: Form): WatchForm {
  const apiVersion = formVersion(form);
  return {
    key: `${form.as} ${apiVersion}`,
    object: (stored) => metadataJson(stored, apiVersion),
    bookmark: (...mark) => metadataMark(apiVersion, ...mark),
  };
}

const metadataMark = (apiVersion: string, ...mark: [string, object]): string =>
  JSON.stringify({ kind: METADATA, apiVersion, metadata: markMetadata(...mark) });

/** Tables of one row. The columns come with the first only. */
function tableForm(definition: AnyKind, form: Form, query: Query, now: () => number): WatchForm {
  const apiVersion = formVersion(form);
  const style = { apiVersion, included: includedOf(query) };
  return {
    key: `${TABLE} ${apiVersion} ${style.included}`,
    object: (stored, isFirst) => {
      const { resourceVersion } = stored.object.metadata;
      const options = { style, now: now(), withColumns: isFirst };
      return tableJson(definition, [stored], { resourceVersion }, options);
    },
    bookmark: (resourceVersion, annotations) => {
      const head = { kind: TABLE, apiVersion, metadata: { resourceVersion } };
      const row = `{"cells":[],"object":${metadataMark(apiVersion, resourceVersion, annotations)}}`;
      return `${JSON.stringify({ ...head, columnDefinitions: null }).slice(0, -1)},"rows":[${row}]}`;
    },
  };
}
