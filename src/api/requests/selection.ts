import type { KindDefinition } from '../../kinds/definition.js';
import type { ObjectMeta } from '../../model/meta.js';
import { parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './label-selector.js';
import { textOf } from './query.js';
import type { Query } from './query.js';
import { parseSearch } from './search.js';

/** What a list or a watch asks for. */
export interface Selection {
  matches(object: { readonly metadata: ObjectMeta }): boolean;
  /** Whether everything matches. */
  readonly selectsAll: boolean;
  /** Whether an object that matches does so for its whole life. */
  readonly isFixed: boolean;
  /** The one name that can match; undefined when others can. */
  readonly name: string | undefined;
}

/** Selectors of a request and the namespace of its path, as one question. */
export function selectionOf(
  query: Query,
  definition: KindDefinition,
  namespace: string | undefined,
): Selection {
  const labels = textOf(query, 'labelSelector') ?? '';
  const fields = textOf(query, 'fieldSelector') ?? '';
  const words = textOf(query, 'search') ?? '';
  const hasLabels = parseLabelSelector(labels);
  const hasWords = parseSearch(words, definition);
  const hasFields = parseFieldSelector(fields, definition);
  return {
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      hasLabels(object.metadata.labels ?? {}) &&
      hasFields(object) &&
      hasWords(object),
    selectsAll: namespace === undefined && labels === '' && fields === '' && words === '',
    name: ONE_NAME.exec(fields)?.[1]?.trim(),
    isFixed: labels === '' && words === '' && !/(?:spec|status)\./.test(fields),
  };
}

/** How clients ask for one object of a list. */
const ONE_NAME = /^metadata\.name==?([^,=]+)$/;
