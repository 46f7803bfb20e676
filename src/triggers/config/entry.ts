import type { BigIntStats } from 'node:fs';

/** A file of the directory that could be read. */
export interface FileEntry {
  readonly kind: 'file';
  /** Absolute, with all symbolic links resolved. */
  readonly path: string;
  /** Another signature means another content. */
  readonly signature: string;
  readonly size: number;
}

/** Something with the name of a manifest, or a folder, that is not read. */
export interface UnusableEntry {
  readonly kind: 'unusable';
  /** Why, starting with a verb: `Is larger than 256 KiB`. */
  readonly reason: string;
  /** True when what it holds is read in another place. */
  readonly isElsewhere: boolean;
}

export type Entry = FileEntry | UnusableEntry;

/** The system's name of an error (`EACCES`), or its text. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** Includes the change time: it moves also when a tool sets the modification time back. */
export function signatureOf(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}
