import { formatPath } from '../../../lib/field-path.js';
import { printable } from '../../../lib/printable.js';
import { absence } from '../../../model/dependencies.js';
import { REGISTRAR_RANGE_ANNOTATION } from '../../../model/names.js';
import { fitOf } from '../../../model/version-range.js';
import type { Problem } from '../../../model/verification.js';
import { check, NotApplicable } from '../../check.js';
import { specField } from './spec-field.js';

/** The module is for this version of Registrar. */
export const REGISTRAR_RANGE = check({
  id: 'manifest/registrar-range',
  title: 'The module is for this version of Registrar',
  severity: 'medium',
  mode: 'enforce',
  about: 'manifest',
  why: `A manifest can name the versions it was written for, in the annotation ${REGISTRAR_RANGE_ANNOTATION}.`,
  remedy: 'Use a version of Registrar that is in the range, or change the range',
  run({ manifest: { metadata }, registrarVersion }) {
    const range = metadata.annotations?.[REGISTRAR_RANGE_ANNOTATION];
    if (range === undefined) throw new NotApplicable('The manifest names no versions of Registrar');
    const fit = fitOf(registrarVersion, range);
    if (fit === 'inside') return [];
    const field = formatPath(['metadata', 'annotations', REGISTRAR_RANGE_ANNOTATION]);
    const message =
      fit === 'unclear'
        ? `"${printable(range)}" is no range of versions such as ^2.1`
        : `Version "${registrarVersion}" is not in "${printable(range)}"`;
    return [{ field, message }];
  },
});

/** What the module needs is there. */
export const DEPENDENCIES = check({
  id: 'manifest/dependencies',
  title: 'Modules that it depends on are there, in a version that fits',
  severity: 'medium',
  // The loop waits for them anyway, and an order of applying is nothing to refuse.
  mode: 'warn',
  about: 'manifest',
  why: 'A module that misses what it depends on, or finds another version, is not started: it waits until that is there.',
  remedy: 'Apply the other module, or change spec.dependsOn',
  run({ manifest: { spec }, modules }) {
    if (spec.dependsOn.length === 0) throw new NotApplicable('The module depends on no other');
    return spec.dependsOn.flatMap((dependency, index): Problem[] => {
      const why = absence(dependency, modules.get(dependency.name));
      if (why === undefined) return [];
      const field = specField('dependsOn', index);
      return [{ field, message: `Module "${dependency.name}": ${why}` }];
    });
  },
});
