import type { Client } from './http.js';
import type { Resource } from './resource.js';

/** Everything in one answer, in the versions that servers of Kubernetes have, too. */
const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(',');

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly singularResource?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

interface Discovered {
  readonly items?: readonly {
    readonly metadata: { readonly name: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly DiscoveredResource[];
    }[];
  }[];
}

/** All kinds that a server offers, the core group first. */
export async function discover(client: Client): Promise<readonly Resource[]> {
  const read = (path: string): Promise<unknown> => client.json({ path, accept: ACCEPT });
  const answers = (await Promise.all([read('/api'), read('/apis')])) as Discovered[];
  return answers.flatMap(({ items = [] }) =>
    items.flatMap(({ metadata: { name }, versions }) =>
      versions.flatMap(({ version, resources }) =>
        resources.map((resource) => resourceOf(name, version, resource)),
      ),
    ),
  );
}

function resourceOf(group: string, version: string, found: DiscoveredResource): Resource {
  const { resource, responseKind, scope, verbs, shortNames = [], categories = [] } = found;
  return {
    group,
    version,
    kind: responseKind.kind,
    plural: resource,
    singular: found.singularResource || responseKind.kind.toLowerCase(),
    namespaced: scope === 'Namespaced',
    ...{ verbs, shortNames, categories },
  };
}
