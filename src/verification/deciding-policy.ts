import { posix } from 'node:path';
import { matchesPattern } from '../lib/star-pattern.js';
import type { ModuleManifest } from '../model/module.js';
import type { PolicySpec } from '../model/policy.js';
import { parseUrl } from '../lib/parse-url.js';

/** What a policy can tell of a module. */
type Selectable = Pick<ModuleManifest, 'spec'> & {
  readonly metadata: { readonly labels?: Record<string, string> | undefined };
};

/** What there must be of a policy to tell whether it decides. */
interface Selecting {
  readonly metadata: { readonly name: string };
  readonly spec: PolicySpec;
}

/**
 * The one policy that decides about a module: of those that select it, the one with the highest
 * priority, and of several with that the first by name. Undefined when none selects it: then every
 * check is as it is by itself.
 */
export function decidingPolicy<P extends Selecting>(
  module: Selectable,
  policies: readonly P[],
): P | undefined {
  return policies
    .filter(({ spec }) => selects(spec, module))
    .toSorted((a, b) => b.spec.priority - a.spec.priority || byName(a, b))[0];
}

const byName = (a: Selecting, b: Selecting): number => (a.metadata.name < b.metadata.name ? -1 : 1);

/** Whether everything that a selector says is so; an empty one selects all. */
function selects(
  { selector }: Pick<PolicySpec, 'selector'>,
  { metadata, spec }: Selectable,
): boolean {
  const { matchLabels = {}, types, repositories } = selector;
  const labels = metadata.labels ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    (types === undefined || types.includes(spec.type)) &&
    (repositories === undefined ||
      repositories.some((pattern) => matchesPattern(pattern, addressOf(spec.source?.repoUrl))))
  );
}

/** An address as it is fetched: `https://host/good/../other` is not below `https://host/good/`. */
function addressOf(repoUrl = ''): string {
  const normal = parseUrl(repoUrl)?.href;
  return normal ?? repoUrl.replace(/(?<=^[^/]*:).+$/, (path) => posix.normalize(path));
}
