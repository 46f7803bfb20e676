import type { DeclaredManifest } from '../../kinds/declared.js';
import type { ParsedManifest } from '../../manifest/parse.js';

/** One object as a file, relative to the config directory, declares it. */
export type Declaration = ParsedManifest<DeclaredManifest>;

/** Of a file with a mistake, or that cannot be read. */
export interface InvalidContent {
  readonly kind: 'invalid';
  /** One line each: `file:line:column: path: message`, or `file: reason`. */
  readonly errors: readonly string[];
  /** How many policies it seems to declare; `unknown` for one that never could be read. */
  readonly policies: number | 'unknown';
}

export type FileContent =
  | { readonly kind: 'declares'; readonly declarations: readonly Declaration[] }
  | InvalidContent
  /** Not read yet. */
  | { readonly kind: 'unknown' };

export interface ConfigFile {
  /** The last one that settled. */
  readonly content: FileContent;
  /** False while the file is changing or has just gone: nothing may be concluded from it yet. */
  readonly settled: boolean;
  /** Keeps changing without ever settling. */
  readonly restless: boolean;
}

export type DirectoryState =
  | { readonly kind: 'present' }
  | { readonly kind: 'missing' | 'unreadable'; readonly message: string };

/** What the config directory says, as far as it can be told. */
export interface ConfigSnapshot {
  readonly directory: DirectoryState;
  /** By path relative to the directory; also folders that cannot be read, as `invalid`. */
  readonly files: ReadonlyMap<string, ConfigFile>;
}

/** The file, or the unreadable folder that hides it; undefined when it is certainly not there. */
export function coverOf(
  files: ReadonlyMap<string, ConfigFile>,
  path: string,
): { readonly path: string; readonly file: ConfigFile } | undefined {
  const file = files.get(path);
  if (file !== undefined) return { path, file };
  const end = path.lastIndexOf('/');
  return end < 0 ? undefined : coverOf(files, path.slice(0, end));
}
