import type { KindDefinition } from './definition.js';
import { EVENT_KIND } from './event/definition.js';
import { MODULE_KIND } from './module/definition.js';
import { MODULE_SET_KIND } from './module-set/definition.js';
import { MODULE_VERSION_KIND } from './module-version/definition.js';
import { NAMESPACE_KIND } from './namespace/definition.js';
import { POD_KIND } from './pod/definition.js';
import { POLICY_KIND } from './policy/definition.js';
import { REPORT_KIND } from './report/definition.js';
import { REVISION_KIND } from './revision/definition.js';
import { ROLLOUT_KIND } from './rollout/definition.js';
import { SECRET_KIND } from './secret/definition.js';
import { TOKEN_KIND } from './token/definition.js';

/** Every kind there is. A new one is a folder beside this file, and a row here. */
export const KINDS = {
  Module: MODULE_KIND,
  ModuleSet: MODULE_SET_KIND,
  Policy: POLICY_KIND,
  Revision: REVISION_KIND,
  Rollout: ROLLOUT_KIND,
  Report: REPORT_KIND,
  ModuleVersion: MODULE_VERSION_KIND,
  Secret: SECRET_KIND,
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
