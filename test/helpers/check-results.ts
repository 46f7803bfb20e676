import { schemaCheck } from '../../src/manifest/schema-check.js';
import { ModuleSchema } from '../../src/model/module.js';
import type { ModuleManifest } from '../../src/model/module.js';
import { API_VERSION } from '../../src/model/names.js';
import type { CheckResult } from '../../src/model/verification.js';
import { runCheck } from '../../src/verification/run-check.js';
import { settingsOf } from '../../src/verification/settings.js';
import type { ManifestSubject, Subjects } from '../../src/verification/subjects.js';

const withDefaults = schemaCheck(ModuleSchema);

/** A manifest with defaults that keeps the schema, also with what is not built yet. */
export function aManifest(
  spec: Record<string, unknown> = {},
  annotations: Record<string, string> = {},
): ModuleManifest {
  const manifest: unknown = {
    ...{ apiVersion: API_VERSION, kind: 'Module', metadata: { name: 'web', annotations } },
    spec: { version: '1.4.2', type: 'miner', license: 'MIT', image: 'sample/a:1', ...spec },
  };
  const { unknown, invalid } = withDefaults(manifest);
  const [problem] = [...unknown, ...invalid];
  if (problem !== undefined) throw new Error(`Not a manifest: ${JSON.stringify(problem)}`);
  return manifest as ModuleManifest;
}

/** What checks of a manifest look at. */
export function aManifestSubject(
  manifest: ModuleManifest,
  overrides: Partial<Omit<ManifestSubject, 'manifest'>> = {},
): ManifestSubject {
  const paths = manifest.spec.volumes.flatMap(({ hostPath }) => hostPath ?? []);
  return {
    ...{ manifest, registrarVersion: '0.3.0', modules: new Map(), now: 0 },
    realPaths: new Map(paths.map((path) => [path, path])),
    ...overrides,
  };
}

/** What a check comes to, enforced, with parameters as a policy gives them. */
export async function resultOf(
  id: string,
  subjects: Partial<Subjects>,
  parameters: Record<string, unknown> = {},
): Promise<CheckResult> {
  const settings = settingsOf('test', { checks: [{ id, mode: 'enforce', parameters }] });
  const setting = settings.find(({ check }) => check.id === id);
  if (setting === undefined) throw new Error(`There is no check "${id}"`);
  return runCheck(setting, subjects);
}

/** What a check of the manifest comes to: `passed`, or what it found and where. */
export async function foundIn(
  id: string,
  spec: Record<string, unknown>,
  parameters: Record<string, unknown> = {},
): Promise<string> {
  return told(await resultOf(id, { manifest: aManifestSubject(aManifest(spec)) }, parameters));
}

/** A result in a line: `failed: spec.image: …`, with all that it found. */
export function told({ result, reason, problems }: CheckResult): string {
  const found = problems.map(({ field, message }) => `${field}: ${message}`);
  return [result, ...found, ...(reason === undefined ? [] : [reason])].join(': ');
}
