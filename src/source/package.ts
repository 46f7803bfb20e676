import type { Readable } from 'node:stream';

/** The files of a commit as they are handed out: a tar that is compressed with gzip. */
export interface Package {
  /** `sha256:…` of its bytes. */
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Packages by the hash of their bytes, in the data directory. Rejects with PACKAGE_UNAVAILABLE when
 * the disk refuses.
 */
export interface Packages {
  /** Makes the package of an archive and keeps it. The same archive gives the same bytes. */
  keep(archive: string, signal: AbortSignal): Promise<Package>;
  /**
   * The bytes of a package; undefined when it is not kept. What turns out not to have the hash fails
   * before its end, and is not kept any longer.
   */
  open(wanted: Package): Promise<Readable | undefined>;
  /**
   * Removes packages until they take no more than may be kept: those first whose hash is not in
   * `listed`, then those that were longest not opened.
   */
  prune(listed: ReadonlySet<string>): Promise<void>;
}
