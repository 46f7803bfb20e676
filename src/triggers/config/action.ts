import type { HeldPrune } from './status.js';
import type { Declaration } from './snapshot.js';

/** What the config directory asks for one module. Files are relative to the directory. */
export type ConfigAction =
  | { readonly kind: 'create'; readonly name: string; readonly declaration: Declaration }
  | {
      readonly kind: 'update';
      readonly name: string;
      readonly declaration: Declaration;
      /** Its owner so far: another file than the declaration's for a module that moved. */
      readonly from: string;
    }
  | {
      readonly kind: 'delete';
      readonly name: string;
      readonly uid: string;
      /** Declares the module no more. */
      readonly file: string;
    }
  /** Stays although no file declares it. */
  | {
      readonly kind: 'hold';
      readonly name: string;
      readonly file: string;
      readonly reason: HeldPrune['reason'];
      /** True when the module is to be marked, so that the hold outlives other edits and restarts. */
      readonly mark: boolean;
    }
  /** Stays as it was: the file that owns it, or the folder around, cannot be used. */
  | { readonly kind: 'keep'; readonly name: string; readonly file: string }
  /** Cannot be told yet; what was said of it before still holds. */
  | { readonly kind: 'wait'; readonly name: string; readonly because: string }
  | {
      readonly kind: 'conflict';
      readonly name: string;
      readonly declaration: Declaration;
      /** The file that owns the module; undefined when it was made through the API. */
      readonly owner: string | undefined;
      /** False while one of the two files is changing. */
      readonly settled: boolean;
    };

/** Reads as the end of "Registrar will …": used by logs and tests. */
export function describeConfigAction(action: ConfigAction): string {
  const module = `module "${action.name}"`;
  switch (action.kind) {
    case 'create':
      return `create ${module} from "${action.declaration.file}"`;
    case 'update':
      return action.from === action.declaration.file
        ? `update ${module} from "${action.from}"`
        : `hand ${module} from "${action.from}" to "${action.declaration.file}"`;
    case 'delete':
      return `delete ${module}: "${action.file}" declares it no more`;
    case 'hold':
      return `hold ${module}: ${action.reason}`;
    case 'keep':
      return `keep ${module}: "${action.file}" cannot be used`;
    case 'wait':
      return `wait with ${module}: ${action.because}`;
    case 'conflict':
      return `refuse ${module} of "${action.declaration.file}": ${ownerText(action.owner)}`;
  }
}

function ownerText(owner: string | undefined): string {
  return owner === undefined ? 'it was created through the API' : `"${owner}" owns it`;
}
