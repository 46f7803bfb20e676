import type { CommitSignature } from '../model/commit-signature.js';
import type { Signer } from '../model/policy.js';

/** Where code lives, as `spec.source` says. */
export interface SourceLocation {
  readonly repoUrl: string;
  /** Branch or tag. */
  readonly branch: string;
  /** Full commit id to pin, or ''. */
  readonly commit: string;
  /**
   * Name of the Secret that it is fetched with. What was fetched with a login is kept apart: only who
   * names the same Secret finds it in the cache.
   */
  readonly secret?: string;
}

/** What a fetch may take. */
export interface SourceLimits {
  /** For all files together, and for what is transferred. */
  readonly maxBytes: number;
  /** Files and folders. */
  readonly maxFiles: number;
  /** Bytes of the longest path. */
  readonly maxPathLength: number;
  /** For the whole fetch, waiting for its turn included. */
  readonly timeoutMs: number;
}

export type SourceScheme = 'https' | 'ssh' | 'file';

/** What the policy admits. */
export interface SourceRules {
  readonly schemes: readonly SourceScheme[];
  /** Loopback and private networks; never the metadata services of clouds. */
  readonly privateAddresses: boolean;
}

/** The files of one commit. */
export interface FetchedSource {
  readonly commit: string;
  /** RFC 3339, as the commit says. */
  readonly committedAt: string;
  /** `Name <address>`, as the commit says; safe to show. */
  readonly author: string;
  /**
   * Path of an uncompressed tar of the whole commit, made by git archive, in the cache: it is what
   * is checked, built and packaged. The attributes of the tree change nothing in it.
   */
  readonly archive: string;
  /** `sha256:…` of that tar. */
  readonly sourceHash: string;
  /** Of all files together. */
  readonly bytes: number;
  readonly files: number;
  /** Paths of submodules, whose folders are empty in the archive. */
  readonly submodules: readonly string[];
}

/** A branch, tag or pin, looked up. */
export interface ResolvedSource {
  readonly commit: string;
  /** `refs/heads/…`, `refs/tags/…`, or '' for a pin. */
  readonly ref: string;
}

/** For repositories that ask for a login. */
export type SourceCredentials = DeployKey | SourceAccount;

/** Over https. */
export interface SourceAccount {
  readonly username: string;
  /** Often a token. */
  readonly password: string;
}

/** Over ssh. */
export interface DeployKey {
  /** As ssh-keygen writes it, without a passphrase. */
  readonly privateKey: Buffer;
  /** Lines of known_hosts; the operator's when left out. */
  readonly knownHosts?: Buffer;
}

export interface FetchOptions {
  readonly rules: SourceRules;
  readonly limits: SourceLimits;
  readonly credentials?: SourceCredentials | undefined;
}

/**
 * Repositories and the cache of what was fetched from them. Errors: INVALID for a malformed
 * location, SOURCE_REFUSED for what the rules do not admit, SOURCE_NOT_FOUND, SOURCE_UNAVAILABLE,
 * SOURCE_TOO_LARGE.
 */
/** A part of the cache that is removed: an archive of a commit, or a repository. */
export interface PrunedSource {
  readonly name: string;
  readonly bytes: number;
}

export interface Sources {
  /** The commit that a branch, tag or pin stands for now: one question to the remote, none for a pin. */
  resolve(
    location: SourceLocation,
    rules: SourceRules,
    signal: AbortSignal,
    credentials?: SourceCredentials,
  ): Promise<ResolvedSource>;
  /** Commits by the short names of all tags: one question to the remote. */
  tags(
    location: Pick<SourceLocation, 'repoUrl' | 'secret'>,
    rules: SourceRules,
    signal: AbortSignal,
    credentials?: SourceCredentials,
  ): Promise<ReadonlyMap<string, string>>;
  /**
   * Exactly that commit, without its history; from the cache without the remote when it is there.
   * `onProgress` gets short texts that are safe to show.
   */
  fetch(
    location: SourceLocation,
    commit: string,
    options: FetchOptions,
    onProgress: (text: string) => void,
    signal: AbortSignal,
  ): Promise<FetchedSource>;
  /** A commit that was fetched from there before and is in the cache still. Asks no remote. */
  cached(
    location: Pick<SourceLocation, 'repoUrl' | 'secret'>,
    commit: string,
  ): Promise<FetchedSource | undefined>;
  /**
   * What git says of the signature of a commit against these keys. SOURCE_NOT_FOUND when the commit
   * was not fetched before, INVALID for a malformed key.
   */
  signature(
    location: SourceLocation,
    commit: string,
    keys: readonly Signer[],
    signal: AbortSignal,
  ): Promise<CommitSignature>;
  /**
   * Removes from the cache, longest unused first, until it takes `maxBytes` at most. The archives of
   * the commits in `keep` stay. Resolves to what went, or would go in a dry run.
   */
  prune(
    keep: ReadonlySet<string>,
    maxBytes: number,
    options?: { readonly dryRun: boolean },
  ): Promise<readonly PrunedSource[]>;
}
