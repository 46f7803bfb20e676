import type { KindDefinition } from '../../kinds/definition.js';
import type { KindNames, Subresource } from '../../model/kinds.js';
import { SUBRESOURCES } from '../resources/target.js';
import type { ApiResource } from './api-resource.js';
import type { GroupVersionKind } from './openapi-names.js';

/** What can be done to a part of an object, where it can be done to the object. */
const PART_VERBS: readonly string[] = ['get', 'patch', 'update'];

/** What a kind adds to discovery: its resource, and one for each of its parts. */
export function resourcesOf(definition: KindDefinition): ApiResource[] {
  const { group, version, plural, singular, namespaced, verbs, shortNames, categories } =
    definition;
  const type = gvkOf(definition);
  const main = { name: plural, singular, type, verbs, shortNames, categories };
  const parts = definition.subresources.map((name) => ({
    name: `${plural}/${name}`,
    singular: '',
    type: partType(definition, name),
    verbs: PART_VERBS.filter((verb) => verbs.some((known) => known === verb)),
    shortNames: [],
    categories: [],
  }));
  return [main, ...parts].map((resource) => ({ group, version, namespaced, ...resource }));
}

/** The type of the objects of a kind. */
const gvkOf = ({ group, version, kind }: KindNames): GroupVersionKind => ({
  group,
  version,
  kind,
});

/** Type of what clients read at a part of an object. */
export function partType(definition: KindDefinition, name: Subresource): GroupVersionKind {
  const { apiVersion, kind } = SUBRESOURCES[name].typeOf(definition);
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return { group, version, kind };
}
