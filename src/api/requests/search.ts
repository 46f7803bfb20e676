import type { ApiObject, KindDefinition } from '../../kinds/definition.js';
import { badRequest, forbiddenParameter } from '../refusals.js';

/** Longer texts find nothing. */
const MAX_TEXT = 200;

/**
 * The objects in which every word of a text occurs, whatever its case: in those parts of them that
 * their kind has searched. INVALID for a kind that has none.
 */
export function parseSearch(text: string, definition: KindDefinition): (object: object) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  if (text.length > MAX_TEXT) throw badRequest(`Search for at most ${MAX_TEXT} characters`);
  if (definition.searched === undefined) {
    throw forbiddenParameter('search', 'it is for moduleversions');
  }
  return (object) => {
    const found = definition.searched?.(object as ApiObject) ?? [];
    const parts = found.join('\n').toLowerCase();
    return words.every((word) => parts.includes(word));
  };
}
