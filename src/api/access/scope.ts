import { matchesPattern } from '../../lib/star-pattern.js';
import { MODULE_PATTERN } from '../../model/identity.js';
import type { Identity } from '../../model/identity.js';

/** All modules. */
export const ALL_MODULES = ['*'] as const;

const PATTERN = new RegExp(MODULE_PATTERN);

/** Whether a text can be a pattern for names of modules: what a name may have, and `*`. */
export const isPattern = (text: string): boolean => PATTERN.test(text);

/** Whether an identity may change the module of that name, as far as its patterns say. */
export function isInScope({ modules }: Pick<Identity, 'modules'>, name: string): boolean {
  return modules.some((pattern) => matchesPattern(pattern, name));
}

/** The same of every module that a set of that name could stamp: `<set>-` and anything. */
export function isSetInScope({ modules }: Pick<Identity, 'modules'>, set: string): boolean {
  return modules.some((pattern) => pattern.endsWith('*') && matchesPattern(pattern, `${set}-`));
}

/** Whether an identity may change every module there can be. */
export const hasWholeScope = ({ modules }: Pick<Identity, 'modules'>): boolean =>
  modules.some((pattern) => /^\*+$/.test(pattern));
