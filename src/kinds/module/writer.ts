import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { validateModule } from '../../manifest/validate.js';
import { draftOf } from '../../model/draft.js';
import { MODULE } from '../../model/kinds.js';
import type { Module } from '../../model/module.js';
import { CONFIG_ANNOTATIONS } from '../../model/names.js';
import type { Writer } from '../definition.js';
import { invalidField } from '../refusals.js';
import { refuseOwnedChange, refuseOwnedDeletion } from './ownership.js';

/** How clients write modules: as manifests, and not against the file that declares one. */
export const MODULE_WRITER: Writer<Module> = {
  draft(input, current, unknownFields) {
    if (current === undefined) refuseClaim(input);
    const { manifest, warnings } = validateModule(input, { unknownFields });
    const draft = draftOf(manifest, { current });
    if (current !== undefined) refuseOwnedChange(current, draft);
    return { draft, warnings };
  },
  refuseDeletion: refuseOwnedDeletion,
};

/** Only the config directory can say that a file declares a module, or did. */
function refuseClaim({ metadata }: JsonObject): void {
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  if (!isJsonObject(annotations)) return;
  const claimed = CONFIG_ANNOTATIONS.find((key) => annotations[key] !== undefined);
  if (claimed === undefined) return;
  const name = isJsonObject(metadata) ? String(metadata['name']) : '';
  throw invalidField(MODULE, name, {
    field: `metadata.annotations["${claimed}"]`,
    message: 'Forbidden: it is set for modules that a file of the config directory declares',
    reason: 'FieldValueForbidden',
  });
}
