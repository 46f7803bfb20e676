import type { ImageDetails } from '../model/container.js';
import type { ModuleManifest } from '../model/module.js';
import type { Signer } from '../model/policy.js';
import type { CommitSignature } from '../model/commit-signature.js';
import type { Severity } from '../model/verification.js';
import type { Dockerfile } from './dockerfile/dockerfile.js';
import type { Tree } from './tree/tree.js';

/** What checks of the manifest look at. */
export interface ManifestSubject {
  /** With defaults. */
  readonly manifest: ModuleManifest;
  /** Version of this Registrar. */
  readonly registrarVersion: string;
  /** Versions of the modules that are there, by name; at least of those that it depends on. */
  readonly modules: ReadonlyMap<string, string>;
  /**
   * Where host paths of the manifest, and all folders above them, really lead; undefined for one
   * that cannot be followed. See realPathsOf.
   */
  readonly realPaths: ReadonlyMap<string, string | undefined>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What checks of the commit look at. */
export interface CommitSubject {
  readonly manifest: ModuleManifest;
  readonly commit: string;
  readonly signers: readonly Signer[];
  readonly signature: CommitSignature;
}

/** A weakness that is known of a package that the files name. */
export interface KnownVulnerability {
  /** `CVE-2021-44228`, `GHSA-…`. */
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly severity: Severity | 'unknown';
  /** First version without it; undefined when none is known. */
  readonly fixedIn?: string;
  /** File that names the package. */
  readonly file?: string;
}

/** What a scanner for known vulnerabilities said of the files. */
export interface ScanReport {
  /** Such as `trivy`. */
  readonly scanner: string;
  readonly version: string;
  readonly found: readonly KnownVulnerability[];
  /** Why it could not look; nothing was found then. */
  readonly failure?: string;
}

/** What checks of the source look at: exactly the files that are built. */
export interface TreeSubject {
  readonly manifest: ModuleManifest;
  readonly tree: Tree;
  /** Undefined when there is none where the manifest says. */
  readonly dockerfile: Dockerfile | undefined;
  /** Undefined when no scanner for known vulnerabilities is there. */
  readonly scan?: ScanReport;
}

/** A signature of an image that lies beside it in its registry. */
export type ImageSignature =
  /** As cosign writes them: a payload of JSON that names the image, both in Base64. */
  | { readonly form: 'simple'; readonly payload: string; readonly signature: string }
  /** A bundle of Sigstore, as JSON data. */
  | { readonly form: 'bundle'; readonly bundle: unknown };

/** An image as the engine holds it. */
export interface ImageSubject {
  readonly manifest: ModuleManifest;
  /** Commit that it was built from, or that the manifest names; undefined when neither is. */
  readonly commit?: string;
  /** Signatures that its registry has; undefined when they were not fetched. */
  readonly signatures?: readonly ImageSignature[];
  /** Why they could not be fetched. */
  readonly signatureProblem?: string;
  readonly image: ImageDetails & {
    /** As the manifest names it, or as it was built. */
    readonly reference: string;
    readonly built: boolean;
    /** Of the engine that is to run it. */
    readonly engineOs: string;
    readonly engineArchitecture: string;
  };
}

export interface Subjects {
  readonly manifest: ManifestSubject;
  readonly commit: CommitSubject;
  readonly tree: TreeSubject;
  readonly image: ImageSubject;
}
