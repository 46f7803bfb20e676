import { formatPath } from '../../../lib/field-path.js';
import type { FieldPath } from '../../../lib/field-path.js';

/** A field of the spec as problems name it: `spec.ports[0].hostPort`. */
export const specField = (...path: FieldPath): string => formatPath(['spec', ...path]);
