import { GROUP } from '../../model/names.js';

/** What names the type of objects. */
export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Schemas that the objects of all kinds share. */
export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
export const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';
export const STATUS = 'io.k8s.apimachinery.pkg.apis.meta.v1.Status';
export const SCALE = 'io.k8s.api.autoscaling.v1.Scale';

/**
 * Name of a kind's schema in an OpenAPI document: `network.synapsis.registrar.v1.Module` for ours,
 * for those of Kubernetes the name that they have there, such as `io.k8s.api.core.v1.Event`.
 */
export function schemaName({ group, version, kind }: GroupVersionKind): string {
  const [first = ''] = group === '' ? ['core'] : group.split('.');
  const prefix = isOurs(group) ? group.split('.').toReversed().join('.') : `io.k8s.api.${first}`;
  return `${prefix}.${version}.${kind}`;
}

const isOurs = (group: string): boolean => group === GROUP || group.endsWith(`.${GROUP}`);

/** A reference to a schema, in the one form that all clients were seen to understand. */
export const refTo = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
