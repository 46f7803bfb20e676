import { apiVersionOf } from '../../model/kinds.js';
import type { GroupVersionKind } from './openapi-names.js';

/** A resource, or a part of one, as discovery lists it. */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** `modules`, or `modules/status` for a part. */
  readonly name: string;
  /** Empty for a part. */
  readonly singular: string;
  readonly namespaced: boolean;
  /** What it answers with; of another group than its own for some parts. */
  readonly type: GroupVersionKind;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

type Names = Pick<ApiResource, 'group' | 'version'>;

/** What is in one group in one version. */
export interface GroupVersion<T extends Names = ApiResource> extends Names {
  readonly members: readonly T[];
}

/** Path that the paths of a group version begin with. */
export const basePath = (names: Names): string =>
  `${names.group === '' ? '/api' : '/apis'}/${apiVersionOf(names)}`;

/** Things by group version, in the order in which those first appear. */
export function byGroupVersion<T extends Names>(all: readonly T[]): GroupVersion<T>[] {
  return [...new Set(all.map(apiVersionOf))].map((key) => {
    const members = all.filter((one) => apiVersionOf(one) === key);
    const [version = '', group = ''] = key.split('/').toReversed();
    return { group, version, members };
  });
}

/** Whether a resource is a part of another: `modules/status`. */
export const isPart = ({ name }: ApiResource): boolean => name.includes('/');
