import { printable } from '../../lib/printable.js';
import type { KindDefinition } from '../../kinds/definition.js';
import { badRequest } from '../refusals.js';

/** The fields that may be asked for, and where they are. */
export type Selectable = Pick<KindDefinition, 'selectableFields' | 'fieldPaths'>;

export type FieldMatcher = (object: object) => boolean;

const REQUIREMENT = /^([^=!]+)(==|=|!=)(.*)$/su;

/**
 * The objects that a selector such as `metadata.name=web,status.phase!=Running` asks for. A field
 * that an object lacks is the empty text. BAD_REQUEST for anything but selectable fields.
 */
export function parseFieldSelector(text: string, selectable: Selectable): FieldMatcher {
  const requirements = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => parseRequirement(part, selectable));
  return (object) => requirements.every((isMet) => isMet(object));
}

function parseRequirement(text: string, selectable: Selectable): FieldMatcher {
  const [, rawField, operator, rawValue = ''] = REQUIREMENT.exec(text) ?? [];
  if (rawField === undefined) {
    const message = `Invalid field selector "${printable(text)}": write for example metadata.name=web`;
    throw badRequest(message);
  }
  const field = rawField.trim();
  if (!selectable.selectableFields.includes(field)) {
    const message = `field label not supported: ${printable(field)}`;
    throw badRequest(message);
  }
  const path = (selectable.fieldPaths?.[field] ?? field).split('.');
  const value = rawValue.trim();
  return (object) => (textAt(object, path) === value) === (operator !== '!=');
}

function textAt(object: object, path: readonly string[]): string {
  const value = path.reduce<unknown>(step, object);
  return typeof value === 'string' ? value : '';
}

const step = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
