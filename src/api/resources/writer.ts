import { draftOf } from '../../model/draft.js';
import type { KindName, Kinds } from '../../model/kinds.js';
import { KINDS } from '../../model/kinds.js';
import { CONFIG_ANNOTATIONS } from '../../model/names.js';
import { validateModule } from '../../manifest/validate.js';
import type { UnknownFields } from '../../manifest/validate.js';
import type { Draft } from '../../registry/registry.js';
import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { refuseOwnedChange, refuseOwnedDeletion } from './ownership.js';
import { invalidField } from '../refusals.js';

export interface Drafted {
  readonly draft: Draft<KindName>;
  readonly warnings: readonly string[];
}

/** How clients may write the objects of a kind. Its functions are pure and throw to refuse. */
export interface Writer {
  /** What to store for what a client sent; `current` is undefined for a new object. */
  draft(
    input: JsonObject,
    current: Kinds[KindName] | undefined,
    unknownFields: UnknownFields,
  ): Drafted;
  refuseDeletion(current: Kinds[KindName]): void;
}

/** Writers of the kinds that have a verb for it. */
export const WRITERS: Readonly<Partial<Record<KindName, Writer>>> = {
  Module: { draft: draftModule, refuseDeletion: refuseOwnedDeletion },
};

function draftModule(
  input: JsonObject,
  existing: Kinds[KindName] | undefined,
  unknownFields: UnknownFields,
): Drafted {
  const current = existing?.kind === 'Module' ? existing : undefined;
  if (current === undefined) refuseClaim(input);
  const { manifest, warnings } = validateModule(input, { unknownFields });
  const draft = draftOf(manifest, { current });
  if (current !== undefined) refuseOwnedChange(current, draft);
  return { draft, warnings };
}

/** Only the config directory can say that a file declares a module, or did. */
function refuseClaim({ metadata }: JsonObject): void {
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  if (!isJsonObject(annotations)) return;
  const claimed = CONFIG_ANNOTATIONS.find((key) => annotations[key] !== undefined);
  if (claimed === undefined) return;
  const name = isJsonObject(metadata) ? String(metadata['name']) : '';
  throw invalidField(KINDS.Module, name, {
    field: `metadata.annotations["${claimed}"]`,
    message: 'Forbidden: it is set for modules that a file of the config directory declares',
    reason: 'FieldValueForbidden',
  });
}
