import { apiVersionOf } from '../../model/kinds.js';
import type { ApiResource, GroupVersion } from './api-resource.js';

/** Answer of `/api`. */
export const apiVersions = (): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
});

/** Answer of `/apis`: every group but the core one. */
export function apiGroupList(groups: readonly GroupVersion[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
}

/** Answer of `/apis/GROUP`. */
export const apiGroup = (group: GroupVersion): object => ({
  kind: 'APIGroup',
  apiVersion: 'v1',
  ...groupOf(group),
});

/** Each group has one version so far. */
function groupOf(names: GroupVersion): object {
  const version = { groupVersion: apiVersionOf(names), version: names.version };
  return { name: names.group, versions: [version], preferredVersion: version };
}

/** Answer of `/api/v1` and `/apis/GROUP/VERSION`. */
export function apiResourceList(names: GroupVersion): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf(names),
    resources: names.members.map(resourceOf),
  };
}

function resourceOf(resource: ApiResource): object {
  const { name, singular, namespaced, type, verbs, shortNames, categories } = resource;
  const isForeign = type.group !== resource.group || type.version !== resource.version;
  return {
    name,
    singularName: singular,
    namespaced,
    ...(isForeign && { group: type.group, version: type.version }),
    kind: type.kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
}
