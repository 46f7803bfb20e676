import { DEFINITIONS } from '../kinds/registered.js';
import { createdMeta } from './metadata.js';
import type { StoreFacts } from './meta-rows.js';
import { assemble, statusOf } from './stored.js';
import type { AnyDraft, AnyObject } from './stored.js';

/** Older than anything that is stored: they never change. */
const FIRST_VERSION = '1';

/** The objects that are there without being stored. They are as old as the store. */
export function fixedObjects({ epoch, createdAt }: StoreFacts): AnyObject[] {
  return DEFINITIONS.flatMap(({ kind, fixed = [] }) =>
    (fixed as readonly AnyDraft[]).map((draft) => {
      const stamp = { now: createdAt, uid: epoch, suffix: '' };
      const metadata = createdMeta(kind, draft.metadata, stamp);
      return assemble(draft, { ...metadata, resourceVersion: FIRST_VERSION }, statusOf(draft));
    }),
  );
}
