import type { ObjectKey } from '../../model/kinds.js';
import type { HeldPrune } from './status.js';
import type { Declaration } from './snapshot.js';

/** What the config directory asks for one object. Files are relative to the directory. */
export type ConfigAction =
  | { readonly kind: 'create'; readonly object: ObjectKey; readonly declaration: Declaration }
  | {
      readonly kind: 'update';
      readonly object: ObjectKey;
      readonly declaration: Declaration;
      /** Its owner so far: another file than the declaration's for an object that moved. */
      readonly from: string;
    }
  | {
      readonly kind: 'delete';
      readonly object: ObjectKey;
      readonly uid: string;
      /** Declares the object no more. */
      readonly file: string;
    }
  /** Stays although no file declares it. */
  | {
      readonly kind: 'hold';
      readonly object: ObjectKey;
      readonly file: string;
      readonly reason: HeldPrune['reason'];
      /** True when the object is to be marked, so that the hold outlives other edits and restarts. */
      readonly mark: boolean;
    }
  /** Stays as it was: the file that owns it, or the folder around, cannot be used. */
  | { readonly kind: 'keep'; readonly object: ObjectKey; readonly file: string }
  /** Cannot be told yet; what was said of it before still holds. */
  | { readonly kind: 'wait'; readonly object: ObjectKey; readonly because: string }
  | {
      readonly kind: 'conflict';
      readonly object: ObjectKey;
      readonly declaration: Declaration;
      /** The file that owns the object; undefined when it was made through the API. */
      readonly owner: string | undefined;
      /** False while one of the two files is changing. */
      readonly settled: boolean;
    };

/** Reads as the end of "Registrar will …": used by logs and tests. */
export function describeConfigAction(action: ConfigAction): string {
  const object = shown(action.object);
  switch (action.kind) {
    case 'create':
      return `create ${object} from "${action.declaration.file}"`;
    case 'update':
      return action.from === action.declaration.file
        ? `update ${object} from "${action.from}"`
        : `hand ${object} from "${action.from}" to "${action.declaration.file}"`;
    case 'delete':
      return `delete ${object}: "${action.file}" declares it no more`;
    case 'hold':
      return `hold ${object}: ${action.reason}`;
    case 'keep':
      return `keep ${object}: "${action.file}" cannot be used`;
    case 'wait':
      return `wait with ${object}: ${action.because}`;
    case 'conflict':
      return `refuse ${object} of "${action.declaration.file}": ${ownerText(action.owner)}`;
  }
}

/** `module "web"` */
const shown = ({ kind, name }: ObjectKey): string => `${kind.toLowerCase()} "${name}"`;

function ownerText(owner: string | undefined): string {
  return owner === undefined ? 'it was created through the API' : `"${owner}" owns it`;
}
