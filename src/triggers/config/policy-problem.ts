import type { DeclaredObject } from '../../kinds/declared.js';
import type { Refusal } from './apply.js';
import { ownerFileOf } from './draft.js';
import { errorsOf, isRace, summary } from './problems.js';
import type { ConfigFile, ConfigSnapshot } from './snapshot.js';

export interface PolicyInput {
  readonly snapshot: ConfigSnapshot;
  /** All that are stored of the kinds that files may declare. */
  readonly objects: readonly DeclaredObject[];
  readonly refusals: readonly Refusal[];
  /** Whether a look since the start could list the directory. */
  readonly wasListed: boolean;
  /** What was said before this look. */
  readonly before: string | undefined;
}

/** What is said before the first look. */
export const NOT_READ = 'Config directory has not been read yet, wait until it is';

/**
 * Why it is not known what the policies of the directory are; undefined when it is. What is stored
 * was good once and stays in force, so there is a problem only when
 * - no look since the start could list the directory, unless it does not exist and nothing that is
 *   stored is of it: then nobody uses one;
 * - a file with a mistake seems to declare more policies than are stored of it;
 * - a file or folder cannot be read, could not be since the start, and nothing that is stored is of
 *   it; a file that never holds still counts as one;
 * - the store refused a policy.
 * While the directory is away, what was said before stands.
 */
export function policyProblemOf(input: PolicyInput): string | undefined {
  const { directory, files } = input.snapshot;
  if (directory.kind === 'present') return hiddenIn(files, input.objects) ?? refusedIn(input);
  if (input.wasListed) return input.before;
  const isUnused = directory.kind === 'missing' && pathsOf(input.objects).size === 0;
  return isUnused
    ? undefined
    : `${directory.message}, so its policies are not known; bring it back`;
}

function hiddenIn(
  files: ConfigSnapshot['files'],
  objects: readonly DeclaredObject[],
): string | undefined {
  const suspects = [...files].filter(([, { content }]) => content.kind !== 'declares');
  if (suspects.length === 0) return undefined;
  const paths = pathsOf(objects);
  const hidden = suspects.toSorted(([a], [b]) => (a < b ? -1 : 1)).find(isHiding(paths));
  if (hidden === undefined) return undefined;
  const errors = summary(errorsOf(...hidden));
  return `A file that cannot be used may declare a policy: ${errors}; correct or remove it`;
}

const isHiding =
  (paths: ReadonlyMap<string, number>) =>
  ([path, { content, restless }]: readonly [string, ConfigFile]): boolean => {
    if (content.kind === 'declares') return false;
    if (content.kind === 'unknown') return restless && !paths.has(path);
    const { policies } = content;
    return policies === 'unknown' ? !paths.has(path) : policies > (paths.get(path) ?? 0);
  };

/** How many policies are stored of each file that owns anything, and of the folders around it. */
function pathsOf(objects: readonly DeclaredObject[]): Map<string, number> {
  const paths = new Map<string, number>();
  for (const object of objects) {
    const policies = object.kind === 'Policy' ? 1 : 0;
    const steps = ownerFileOf(object)?.split('/') ?? [];
    for (const end of steps.keys()) {
      const path = steps.slice(0, end + 1).join('/');
      paths.set(path, (paths.get(path) ?? 0) + policies);
    }
  }
  return paths;
}

function refusedIn({ refusals }: PolicyInput): string | undefined {
  const refused = refusals.find(
    (refusal) =>
      refusal.action.object.kind === 'Policy' &&
      'declaration' in refusal.action &&
      !isRace(refusal),
  );
  if (refused === undefined) return undefined;
  const { action, error } = refused;
  return `Policy "${action.object.name}" could not be stored: ${error.message}`;
}
