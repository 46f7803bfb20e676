import type { KindDefinition } from './definition.js';
import { EVENT_KIND } from './event/definition.js';
import { MODULE_KIND } from './module/definition.js';
import { NAMESPACE_KIND } from './namespace/definition.js';
import { POD_KIND } from './pod/definition.js';
import { REVISION_KIND } from './revision/definition.js';
import { TOKEN_KIND } from './token/definition.js';

/** Every kind there is. A new one is a folder beside this file, and a row here. */
export const KINDS = {
  Module: MODULE_KIND,
  Revision: REVISION_KIND,
  Token: TOKEN_KIND,
  Event: EVENT_KIND,
  Namespace: NAMESPACE_KIND,
  Pod: POD_KIND,
} as const;

export type KindName = keyof typeof KINDS;

/** The kinds, and the type of the objects of each. */
export type Kinds = {
  readonly [K in KindName]: (typeof KINDS)[K] extends KindDefinition<infer T> ? T : never;
};

/** The definition of any kind, for code that treats all alike. */
export type AnyKind = KindDefinition & { readonly kind: KindName };

export const DEFINITIONS: readonly AnyKind[] = Object.values<AnyKind>(KINDS);
