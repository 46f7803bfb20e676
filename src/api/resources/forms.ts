import type { Form } from '../requests/accept.js';

const META = 'meta.k8s.io';
const versions = (as: string): Form[] =>
  ['v1', 'v1beta1'].map((version) => ({ as, group: META, version }));

export const TABLE = 'Table';
export const METADATA = 'PartialObjectMetadata';
export const METADATA_LIST = 'PartialObjectMetadataList';

/** What an object can be turned into, in an answer and in the events of a watch. */
export const OBJECT_FORMS: readonly Form[] = [...versions(TABLE), ...versions(METADATA)];

/** What a list can be turned into. */
export const LIST_FORMS: readonly Form[] = [...versions(TABLE), ...versions(METADATA_LIST)];

/** `apiVersion` of an object of a form. */
export const formVersion = ({ group, version }: Form): string => `${group}/${version}`;
