/** Kubernetes' words for how the items of a list are told apart and owned, beside those of JSON schema. */

export const LIST_KEYWORDS = ['x-kubernetes-list-type', 'x-kubernetes-list-map-keys'] as const;

/** Options of a list whose items are told apart by one of their fields. */
export const keyedBy = (field: string) => ({
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': [field],
});

/** Options of a list of different values. */
export const SET = { 'x-kubernetes-list-type': 'set' };
