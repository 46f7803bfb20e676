import { RegistrarError } from '../../model/errors.js';
import { GROUP } from '../../model/names.js';
import { cleanText } from '../errors.js';

type Labels = Readonly<Record<string, string>>;

/**
 * Labels in Registrar's name say whose something is, and containers take over those of their image:
 * BUILD_FAILED when a Dockerfile or a base image gives one that was not asked for.
 */
export function checkLabels(found: Labels, given: Labels, doing: string): void {
  const odd = Object.keys(found).find(
    (name) => name.startsWith(`${GROUP}/`) && found[name] !== given[name],
  );
  if (odd === undefined) return;
  const message = `Cannot ${doing}: it has the label "${cleanText(odd)}", which is Registrar's own; take it out of the Dockerfile, or use another base image`;
  throw new RegistrarError('BUILD_FAILED', message);
}
