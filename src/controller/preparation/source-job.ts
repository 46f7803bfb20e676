import type { FetchedCommit } from '../../kinds/report/schema.js';
import type { ModuleManifest } from '../../model/module.js';
import type { ResolvedCommit } from '../../model/module-status.js';
import type { Policy } from '../../model/policy.js';
import type { CheckResult } from '../../model/verification.js';
import type {
  FetchedSource,
  FetchOptions,
  ResolvedSource,
  SourceCredentials,
  SourceLocation,
  SourceRules,
  SourceScheme,
} from '../../source/source.js';
import { verify } from '../../verification/verify.js';
import type { ReconcileContext } from '../context.js';
import type { Work } from '../jobs.js';
import { parametersOf } from './basis.js';
import type { Basis } from './basis.js';
import type { CommitSignature } from '../../model/commit-signature.js';

/** What a module's source may take: above that it is refused, not fetched in part. */
export const SOURCE_LIMITS = {
  maxBytes: 512 * 1024 ** 2,
  maxFiles: 50_000,
  maxPathLength: 1024,
  timeoutMs: 10 * 60_000,
};

/** The source of a module, fetched and checked. */
export interface VerifiedSource {
  readonly resolved: ResolvedSource;
  readonly source: FetchedCommit;
  readonly results: readonly CheckResult[];
}

type Parts = Pick<ReconcileContext, 'sources' | 'verifyTree' | 'scan'> & {
  /** For a repository that asks for a login. */
  readonly credentials?: SourceCredentials | undefined;
};

/** What decides about a source: the policy need not be stored. */
export interface SourceBasis extends Pick<Basis, 'settings' | 'signers'> {
  readonly policy:
    (Pick<Policy, 'spec'> & { readonly metadata: Pick<Policy['metadata'], 'name'> }) | undefined;
}

/** Where the source is; throws for a module without one, which its manifest may not be. */
export function locationOf({ spec: { source } }: Pick<ModuleManifest, 'spec'>): SourceLocation {
  if (source === undefined) throw new Error('The module has no source');
  const { repoUrl, branch, commit, secret } = source;
  return { repoUrl, branch, commit, ...(secret !== undefined && { secret }) };
}

/** How the policy lets a source be fetched. */
export function fetchOptions(
  basis: Pick<Basis, 'settings'>,
  credentials: SourceCredentials | undefined,
): FetchOptions {
  return { rules: rulesOf(basis), limits: SOURCE_LIMITS, credentials };
}

/** Which repositories the policy admits. */
export function rulesOf(basis: Pick<Basis, 'settings'>): SourceRules {
  const { schemes } = parametersOf(basis, 'manifest/repository-scheme');
  const { privateAddresses } = parametersOf(basis, 'manifest/repository-host');
  return {
    schemes: (schemes as SourceScheme[] | undefined) ?? ['https', 'ssh'],
    privateAddresses: privateAddresses === true,
  };
}

/** Looks a source up unless that was done, fetches exactly that commit, and checks its files. */
export function verifySource(
  module: ModuleManifest,
  known: ResolvedCommit | undefined,
  basis: SourceBasis,
  { sources, verifyTree, scan, credentials }: Parts,
): Work<VerifiedSource> {
  const location = locationOf(module);
  const options = fetchOptions(basis, credentials);
  return async (onProgress, signal) => {
    onProgress(`looking up ${location.branch}`);
    const { rules } = options;
    const resolved = known ?? (await sources.resolve(location, rules, signal, credentials));
    const { commit } = resolved;
    const fetched = await sources.fetch(location, commit, options, onProgress, signal);
    onProgress(`checking ${fetched.files} files`);
    const signature = await signatureOf(location, commit, basis, sources, signal);
    const subject = { manifest: module, commit, signers: basis.signers, signature };
    const ofCommit = await verify({ commit: subject }, basis.settings);
    const { policy } = basis;
    const found = await scan(fetched.archive, signal);
    const ofTree = await verifyTree(
      {
        ...{ files: { archive: fetched.archive }, manifest: module },
        policy: { name: policy?.metadata.name ?? '', checks: policy?.spec.checks ?? [] },
        ...(found !== undefined && { scan: found }),
      },
      signal,
    );
    const source = describe(location, resolved, fetched, signature);
    return { resolved, source, results: [...ofCommit, ...ofTree] };
  };
}

async function signatureOf(
  location: SourceLocation,
  commit: string,
  { signers }: SourceBasis,
  sources: Parts['sources'],
  signal: AbortSignal,
): Promise<CommitSignature> {
  if (signers.length > 0) return sources.signature(location, commit, signers, signal);
  return { state: 'unverifiable', message: 'The policy names no signers' };
}

function describe(
  { repoUrl }: SourceLocation,
  { ref, commit }: ResolvedSource,
  { committedAt, author, sourceHash, bytes, files }: FetchedSource,
  { state, signer, key }: CommitSignature,
): FetchedCommit {
  return {
    ...{ repoUrl, ref, commit, committedAt, author, signature: state },
    ...(signer !== undefined && { signer }),
    ...(key !== undefined && { key }),
    ...{ sourceHash, bytes, files },
  };
}
