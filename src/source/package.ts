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
  /** Removes what nothing needs; resolves to that. What a version lists can be made anew. */
  prune(request: PrunePackages): Promise<readonly PrunedPackage[]>;
}

/** Which packages are to go. */
export interface PrunePackages {
  /** Hashes that versions list. */
  readonly listed: ReadonlySet<string>;
  /** One that no version lists goes when it was last used before; milliseconds since 1970. */
  readonly unusedSince: number;
  /** Of the rest, what was longest not opened goes until they take so much at most. */
  readonly maxBytes: number;
  /** Only tells. */
  readonly dryRun?: boolean;
}

export interface PrunedPackage extends Package {
  readonly isListed: boolean;
}
