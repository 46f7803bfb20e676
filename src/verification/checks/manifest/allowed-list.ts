import { printable } from '../../../lib/printable.js';

/** What a policy allows, in a message: short, however much it is. */
export const allowedList = (items: readonly string[]): string =>
  items.length === 0 ? 'none' : printable(items.join(', '));
