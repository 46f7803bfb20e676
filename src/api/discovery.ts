import type { FastifyInstance } from 'fastify';
import type { KindDefinition } from '../kinds/definition.js';
import { DEFINITIONS } from '../kinds/registered.js';
import { apiVersionOf } from '../model/kinds.js';
import { endpoint } from './endpoint.js';
import { groupPath } from './resources/resource-routes.js';
import { SUBRESOURCES } from './resources/target.js';

/** One definition of each group version. */
const VERSIONS = [...new Map(DEFINITIONS.map((one) => [apiVersionOf(one), one])).values()];
const GROUPED = VERSIONS.filter(({ group }) => group !== '');

/** The minor version of Kubernetes whose behaviour the API follows. */
const KUBERNETES = { major: '1', minor: '32' };

/** Serves what clients ask to learn which kinds there are. It depends on the state of nothing. */
export function discoveryRoutes(server: FastifyInstance, version: string): void {
  const serve = (path: string, document: object): void =>
    endpoint(server, path, { GET: () => document });
  serve('/version', versionInfo(version));
  serve('/api', { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  serve('/apis', { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPED.map(groupOf) });
  for (const definition of GROUPED) {
    const group = { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(definition) };
    serve(`/apis/${definition.group}`, group);
  }
  for (const definition of VERSIONS) serve(groupPath(definition), resourceList(definition));
}

function versionInfo(version: string): object {
  const { major, minor } = KUBERNETES;
  return {
    major,
    minor,
    gitVersion: `v${major}.${minor}.0+registrar.${version}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch}`,
  };
}

function groupOf(definition: KindDefinition): object {
  const groupVersion = { groupVersion: apiVersionOf(definition), version: definition.version };
  return { name: definition.group, versions: [groupVersion], preferredVersion: groupVersion };
}

/** The kinds of the group version that a definition is in. */
function resourceList(definition: KindDefinition): object {
  const groupVersion = apiVersionOf(definition);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: DEFINITIONS.filter((one) => apiVersionOf(one) === groupVersion).flatMap(resourcesOf),
  };
}

function resourcesOf(definition: KindDefinition): object[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = definition;
  const main = { name: plural, singularName: singular, namespaced, kind, verbs, shortNames };
  const parts = definition.subresources.map((name) => ({
    name: `${plural}/${name}`,
    singularName: '',
    namespaced,
    ...typeOf(definition, name),
    verbs: ['get', 'patch', 'update'],
  }));
  return [categories.length > 0 ? { ...main, categories } : main, ...parts];
}

/** Kind of a subresource, with group and version where they are not those of its parent. */
function typeOf(definition: KindDefinition, name: keyof typeof SUBRESOURCES): object {
  const { apiVersion, kind } = SUBRESOURCES[name].typeOf(definition);
  if (apiVersion === apiVersionOf(definition)) return { kind };
  const [group, version] = apiVersion.split('/');
  return { group, version, kind };
}
