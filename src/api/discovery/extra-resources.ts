import type { ApiResource } from './api-resource.js';

/** A resource that is served without being a kind of objects that are stored. */
interface Extra extends Pick<ApiResource, 'group' | 'version' | 'name' | 'namespaced' | 'verbs'> {
  readonly kind: string;
  /** Empty for a part of another resource. */
  readonly singular?: string;
}

const EXTRAS: readonly Extra[] = [];

/** What discovery lists beside the kinds. Whoever serves such a path adds its row here. */
export const EXTRA_RESOURCES: readonly ApiResource[] = EXTRAS.map(
  ({ kind, singular = '', ...rest }) => ({
    ...rest,
    singular,
    type: { group: rest.group, version: rest.version, kind },
    shortNames: [],
    categories: [],
  }),
);
