/** Something that nothing needs any more. */
export interface Surplus {
  readonly kind: 'image' | 'source' | 'package';
  /** A tag or id; of a source the commit, or the repository in the cache; of a package its hash. */
  readonly name: string;
  /** Bytes; those of an image are with the layers that it shares with others. */
  readonly bytes: number;
  readonly because: string;
}

/** A volume of modules of this registrar. Only who names it has it removed. */
export interface OwnedVolume {
  readonly name: string;
  /** The module that it was made for. */
  readonly module: string;
  /** Whether a container has it, running or not. */
  readonly isUsed: boolean;
}

/** What a clean-up removed, or would remove, and what it leaves to be named. */
export interface CleanUpReport {
  readonly removed: readonly Surplus[];
  /** Volumes that no container has and whose module is gone. */
  readonly volumes: readonly string[];
}
