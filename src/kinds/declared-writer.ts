import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';
import type { KindChecks } from '../manifest/check.js';
import { validateChange } from '../manifest/validate.js';
import { draftOf } from '../model/draft.js';
import type { Manifest } from '../model/draft.js';
import { CONFIG_ANNOTATIONS } from '../model/names.js';
import type { ApiObject, DraftOf, Writer } from './definition.js';
import { refuseOwnedChange, refuseOwnedDeletion } from './ownership.js';
import { invalidField } from './refusals.js';

/**
 * How clients write a kind that files of the config directory may declare, too: as manifests, and
 * not against the file that declares an object.
 */
export function declaredWriter<T extends ApiObject & Manifest>(checks: KindChecks): Writer<T> {
  return {
    draft(input, current, unknownFields) {
      if (current === undefined) refuseClaim(input, checks.names);
      const previous = current?.spec;
      const { manifest, warnings } = validateChange(input, checks, { unknownFields, previous });
      const draft = draftOf(manifest, { current, isWhole: true });
      if (current !== undefined) refuseOwnedChange(current, draft);
      return { draft: draft as DraftOf<T>, warnings };
    },
    refuseDeletion: refuseOwnedDeletion,
  };
}

/** Only the config directory can say that a file declares an object, or did. */
function refuseClaim({ metadata }: JsonObject, names: KindChecks['names']): void {
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  if (!isJsonObject(annotations)) return;
  const claimed = CONFIG_ANNOTATIONS.find((key) => annotations[key] !== undefined);
  if (claimed === undefined) return;
  const name = isJsonObject(metadata) ? String(metadata['name']) : '';
  throw invalidField(names, name, {
    field: `metadata.annotations["${claimed}"]`,
    message: 'Forbidden: it is set for what a file of the config directory declares',
    reason: 'FieldValueForbidden',
  });
}
