import { MODULE_PATTERN } from '../../model/identity.js';
import type { Identity } from '../../model/identity.js';

/** All modules. */
export const ALL_MODULES = ['*'] as const;

const PATTERN = new RegExp(MODULE_PATTERN);

/** Whether a text can be a pattern for names of modules: what a name may have, and `*`. */
export const isPattern = (text: string): boolean => PATTERN.test(text);

/** Whether an identity may change the module of that name, as far as its patterns say. */
export function isInScope({ modules }: Pick<Identity, 'modules'>, name: string): boolean {
  return modules.some((pattern) => matches(pattern, name));
}

/** Whether an identity may change every module there can be. */
export const hasWholeScope = ({ modules }: Pick<Identity, 'modules'>): boolean =>
  modules.some((pattern) => /^\*+$/.test(pattern));

/**
 * Whether a whole name matches a pattern, where `*` stands for any text. Each part between stars is
 * looked for once, from left to right, so no pattern takes long.
 */
function matches(pattern: string, name: string): boolean {
  const [head = '', ...parts] = pattern.split('*');
  const tail = parts.pop();
  if (tail === undefined) return name === pattern;
  if (!name.startsWith(head) || !name.endsWith(tail)) return false;
  const end = name.length - tail.length;
  let from = head.length;
  for (const part of parts) {
    const at = name.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= end;
}
