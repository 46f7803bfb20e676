import { isPart } from './api-resource.js';
import type { ApiResource, GroupVersion } from './api-resource.js';

const GROUP = 'apidiscovery.k8s.io';
const form = (version: string) => ({ as: 'APIGroupDiscoveryList', group: GROUP, version });

/** The forms in which everything is told in one answer. */
export const AGGREGATED_FORMS = [form('v2'), form('v2beta1')] as const;

/** All of some groups in one document: the same as the plain form needs one document each for. */
export function aggregatedDiscovery(groups: readonly GroupVersion[], version: string): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `${GROUP}/${version}`,
    metadata: {},
    items: groups.map(groupOf),
  };
}

/** The name of the core group is empty. */
function groupOf({ group, version, members }: GroupVersion): object {
  const main = members.filter((resource) => !isPart(resource));
  return {
    metadata: { name: group, creationTimestamp: null },
    versions: [
      {
        version,
        freshness: 'Current',
        resources: main.map((resource) => resourceOf(resource, partsOf(resource, members))),
      },
    ],
  };
}

const partsOf = ({ name }: ApiResource, all: readonly ApiResource[]): ApiResource[] =>
  all.filter((resource) => resource.name.startsWith(`${name}/`));

function resourceOf(resource: ApiResource, parts: readonly ApiResource[]): object {
  const { name, type, namespaced, singular, verbs, shortNames, categories } = resource;
  return {
    resource: name,
    responseKind: type,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(parts.length > 0 && { subresources: parts.map(partOf) }),
  };
}

const partOf = ({ name, type, verbs }: ApiResource): object => ({
  subresource: name.slice(name.indexOf('/') + 1),
  responseKind: type,
  verbs,
});
