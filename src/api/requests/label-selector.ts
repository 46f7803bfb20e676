import { printable } from '../../lib/printable.js';
import { badRequest } from '../refusals.js';

export type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels) => boolean;

const KEY = '[A-Za-z0-9][A-Za-z0-9._/-]*';
const VALUE = '[A-Za-z0-9._-]*';
const ABSENT = new RegExp(`^!\\s*(${KEY})$`);
const PRESENT = new RegExp(`^(${KEY})$`);
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const ONE_VALUE = new RegExp(`^${VALUE}$`);

/** Commas between requirements, not those inside of parentheses. */
const SEPARATOR = /,(?![^(]*\))/;

/**
 * The labels that a selector asks for: `a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`,
 * `!a`, joined by commas. Everything matches an empty one. BAD_REQUEST when it is none.
 */
export function parseLabelSelector(text: string): LabelMatcher {
  const requirements = text.trim() === '' ? [] : text.split(SEPARATOR).map(parseRequirement);
  return (labels) => requirements.every((isMet) => isMet(labels));
}

function parseRequirement(raw: string): LabelMatcher {
  const text = raw.trim();
  const [, absent] = ABSENT.exec(text) ?? [];
  if (absent !== undefined) return (labels) => valueOf(labels, absent) === undefined;
  const [, present] = PRESENT.exec(text) ?? [];
  if (present !== undefined) return (labels) => valueOf(labels, present) !== undefined;
  return parseComparison(text) ?? refuse(text);
}

function parseComparison(text: string): LabelMatcher | undefined {
  const [, key = '', operator = '', operand = ''] = EQUALITY.exec(text) ?? SET.exec(text) ?? [];
  if (key === '') return undefined;
  const isSet = operator === 'in' || operator === 'notin';
  const values = isSet ? operand.split(',').map((value) => value.trim()) : [operand];
  if (!values.every((value) => ONE_VALUE.test(value))) return undefined;
  const isNegative = operator === '!=' || operator === 'notin';
  return (labels) => {
    const value = valueOf(labels, key);
    return (value !== undefined && values.includes(value)) !== isNegative;
  };
}

const valueOf = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

function refuse(text: string): never {
  const message = `Unable to parse requirement "${printable(text)}" of the label selector: write for example app=web,tier!=test`;
  throw badRequest(message);
}
