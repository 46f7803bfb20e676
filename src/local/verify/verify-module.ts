import { timestamp } from '../../lib/clock.js';
import type { ReportSpec } from '../../kinds/report/schema.js';
import { API_VERSION } from '../../model/names.js';
import type { CheckResult, Problem } from '../../model/verification.js';
import { decidingPolicy } from '../../verification/deciding-policy.js';
import { realPathsOf } from '../../verification/real-paths.js';
import { settingsOf } from '../../verification/settings.js';
import { verify } from '../../verification/verify.js';
import type { DeclaredModule, GivenPolicy } from './declared-texts.js';
import type { Look } from './look.js';

/** A Report that is stored nowhere. */
export interface LocalReport {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Report';
  readonly metadata: { readonly name: string };
  readonly spec: ReportSpec;
}

/** What verification on the spot found of one module. */
export interface VerifiedModule {
  readonly report: LocalReport;
  /** The file that declares it. */
  readonly file: string;
  /** Undefined when none selects it. */
  readonly policy: GivenPolicy | undefined;
  /** What else to know. */
  readonly notes: readonly string[];
}

/** What modules are verified with. */
export interface Surroundings {
  readonly policies: readonly GivenPolicy[];
  readonly registrarVersion: string;
  /** Versions of the modules that are there, by name. */
  readonly modules: ReadonlyMap<string, string>;
  readonly now: number;
  readonly look: Look;
}

/** Verifies a module as the daemon would. POLICY_UNUSABLE when the policy cannot be used. */
export async function verifyModule(
  module: DeclaredModule,
  { policies, look, ...facts }: Surroundings,
): Promise<VerifiedModule> {
  const { manifest, file } = module;
  const policy = decidingPolicy(manifest, policies);
  const settings = settingsOf(policy?.metadata.name ?? '', policy?.spec ?? { checks: [] });
  const subject = { ...facts, manifest, realPaths: await realPathsOf(manifest) };
  const ofManifest = await verify({ manifest: subject }, settings);
  const basis = { policy, settings, signers: policy?.spec.signers ?? [] };
  const { results, source, notes } = await look(manifest, basis, ofManifest);
  const { name } = manifest.metadata;
  const spec: ReportSpec = {
    // The key tells stored reports apart.
    ...{ module: name, version: manifest.spec.version, key: '' },
    policy: policy === undefined ? {} : referenceTo(policy),
    verifiedAt: timestamp(facts.now),
    ...(source !== undefined && { source }),
    results: [...ofManifest, ...results].map((result) => located(result, module)),
  };
  const report = { apiVersion: API_VERSION, kind: 'Report', metadata: { name }, spec } as const;
  return { report, file, policy, notes };
}

const referenceTo = ({ metadata: { name, generation } }: GivenPolicy): ReportSpec['policy'] => ({
  name,
  ...(generation !== undefined && { generation }),
});

/** With the place in the manifest for each problem that names a field and no file. */
function located(result: CheckResult, { file, positionOf }: DeclaredModule): CheckResult {
  const place = (problem: Problem): Problem =>
    problem.field === undefined || problem.file !== undefined
      ? problem
      : { ...problem, file, ...positionOf(problem.field) };
  return { ...result, problems: result.problems.map(place) };
}
