import type { ApiResource } from './api-resource.js';

/** A resource that is served without being a kind of objects that are stored. */
interface Extra extends Pick<ApiResource, 'group' | 'version' | 'name' | 'namespaced' | 'verbs'> {
  readonly kind: string;
  /** Empty for a part of another resource. */
  readonly singular?: string;
}

const REVIEW = { version: 'v1', namespaced: false, verbs: ['create'] } as const;
const CORE = { group: '', version: 'v1', namespaced: true } as const;
const METRICS = { group: 'metrics.k8s.io', version: 'v1beta1', namespaced: true } as const;

const EXTRAS: readonly Extra[] = [
  {
    ...{ ...REVIEW, group: 'authentication.k8s.io', kind: 'SelfSubjectReview' },
    ...{ name: 'selfsubjectreviews', singular: 'selfsubjectreview' },
  },
  {
    ...{ ...REVIEW, group: 'authorization.k8s.io', kind: 'SelfSubjectAccessReview' },
    ...{ name: 'selfsubjectaccessreviews', singular: 'selfsubjectaccessreview' },
  },
  {
    ...{ ...REVIEW, group: 'authorization.k8s.io', kind: 'SelfSubjectRulesReview' },
    ...{ name: 'selfsubjectrulesreviews', singular: 'selfsubjectrulesreview' },
  },
  { ...CORE, name: 'pods/exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { ...CORE, name: 'pods/log', kind: 'Pod', verbs: ['get'] },
  { ...CORE, name: 'services', singular: 'service', kind: 'Service', verbs: ['list'] },
  { ...METRICS, name: 'pods', singular: 'pod', kind: 'PodMetrics', verbs: ['get', 'list'] },
];

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
