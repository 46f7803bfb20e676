import type { VerifyTree } from '../../controller/context.js';
import { silentLog } from '../../lib/log.js';
import type { ManifestProblem } from '../../manifest/parse.js';
import { RegistrarError } from '../../model/errors.js';
import { createGitSources } from '../../source/git-sources.js';
import { createWorkshop } from '../../source/workshop.js';
import type { GitSourcesOptions } from '../../source/workshop.js';
import { TreeVerifier } from '../../verification/off-thread.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { readTexts } from './declared-texts.js';
import type { DeclaredTexts, GivenPolicy, ManifestText } from './declared-texts.js';
import { lookAtRemote } from './fetched-source.js';
import { lookAtFolder, openFolder } from './folder-source.js';
import { existingFolder, textsFor } from './folder-texts.js';
import { lookAtNothing } from './look.js';
import type { Look } from './look.js';
import { verifyModule } from './verify-module.js';
import type { VerifiedModule } from './verify-module.js';

/** What to verify, and by what. */
export interface VerifyRequest {
  /** Texts with the manifests; the one in the folder is looked for when there are none. */
  readonly manifests: readonly ManifestText[];
  /** Texts with policies. */
  readonly policies: readonly ManifestText[];
  /** Those of a server. */
  readonly serverPolicies: readonly GivenPolicy[];
  /** Whether the source that a manifest names is fetched. */
  readonly fetch: boolean;
  /** A folder whose files are looked at. */
  readonly folder: string | undefined;
  readonly git: Pick<GitSourcesOptions, 'caFile' | 'sshKeyFile' | 'knownHostsFile'>;
  readonly registrarVersion: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (text: string) => void;
}

/** What was found. */
export interface Verification {
  readonly modules: readonly VerifiedModule[];
  /** Names of the policies beside them; of those nothing but their text is looked at. */
  readonly policies: readonly string[];
  /** What is wrong with the texts themselves; what has a problem is not verified. */
  readonly problems: readonly ManifestProblem[];
  /** The folder that paths begin at; undefined when no folder was looked at. */
  readonly root: string | undefined;
}

/**
 * Runs the checks without a daemon, and leaves nothing behind. BAD_REQUEST for a folder that cannot
 * be used, POLICY_UNUSABLE.
 */
export const verifyLocally = (request: VerifyRequest): Promise<Verification> =>
  withTemporaryFolder(async (place, signal) => {
    const trees = new TreeVerifier({ threads: 1 });
    try {
      return await verifyIn(place, request, { trees, signal });
    } finally {
      await trees.stop();
    }
  });

/** A first scan may fetch the database of the scanner. */
const SCAN_MS = 10 * 60_000;

interface Running {
  readonly trees: TreeVerifier;
  readonly signal: AbortSignal;
}

async function verifyIn(
  place: string,
  request: VerifyRequest,
  { trees, signal }: Running,
): Promise<Verification> {
  const { env, git, onProgress } = request;
  const verifyTree: VerifyTree = (job, stop) => trees.verify(job, stop);
  const parts = { verifyTree, scanning: { env, timeoutMs: SCAN_MS, signal }, signal };
  const setting = { dataDir: place, log: silentLog, ...git };
  const workshop = createWorkshop(setting);
  const folder = request.folder === undefined ? undefined : await existingFolder(request.folder);
  const opened = folder === undefined ? undefined : await openFolder(folder, workshop, signal);
  const look: Look = opened
    ? lookAtFolder(opened, { workshop, ...parts })
    : request.fetch
      ? lookAtRemote({ sources: createGitSources(setting), onProgress, ...parts })
      : lookAtNothing;
  const texts =
    opened === undefined
      ? request.manifests
      : await textsFor(request.manifests, folder ?? '', opened.root);
  return { ...(await verifyTexts(texts, request, look)), root: opened?.root };
}

async function verifyTexts(
  texts: readonly ManifestText[],
  { policies, serverPolicies, registrarVersion }: VerifyRequest,
  look: Look,
): Promise<Omit<Verification, 'root'>> {
  const declared = readTexts(texts);
  const given = readTexts(policies);
  // Nothing is told by another policy than the one that was meant.
  if (given.problems.length > 0) return { modules: [], policies: [], problems: given.problems };
  refuseWithout(policies, given);
  const surroundings = {
    policies: chosen(given.policies, declared.policies, serverPolicies),
    ...{ registrarVersion, now: Date.now(), look },
    modules: new Map(
      declared.modules.map(({ manifest: { metadata, spec } }) => [metadata.name, spec.version]),
    ),
  };
  const modules: VerifiedModule[] = [];
  // One after the other: each takes processors, or the network.
  for (const module of declared.modules) modules.push(await verifyModule(module, surroundings));
  const names = declared.policies.map(({ metadata }) => metadata.name);
  return { modules, policies: names, problems: declared.problems };
}

/** Policies that are given decide before those beside the modules, and these before a server's. */
const chosen = (...groups: readonly DeclaredTexts['policies'][]): DeclaredTexts['policies'] =>
  groups.find((group) => group.length > 0) ?? [];

function refuseWithout(texts: readonly ManifestText[], { policies }: DeclaredTexts): void {
  if (texts.length === 0 || policies.length > 0) return;
  throw new RegistrarError('BAD_REQUEST', 'There is no policy in what --policy names');
}
