import { MODULE_CHECKS } from '../manifest/check.js';
import type { KindChecks } from '../manifest/check.js';
import { parseManifests } from '../manifest/parse.js';
import type { Parsed } from '../manifest/parse.js';
import { DECLARED } from '../model/kinds.js';
import type { DeclaredKind } from '../model/kinds.js';
import type { DraftOf } from './definition.js';
import { MODULE_SET_CHECKS } from './module-set/checks.js';
import { POLICY_CHECKS } from './policy/checks.js';
import type { Kinds } from './registered.js';

/** What must hold of the manifests of each kind that people declare. A new kind is a row here. */
const CHECKS: Readonly<Record<DeclaredKind, KindChecks>> = {
  Policy: POLICY_CHECKS,
  Module: MODULE_CHECKS,
  ModuleSet: MODULE_SET_CHECKS,
};

/** An object of a kind that files may declare. */
export type DeclaredObject = Kinds[DeclaredKind];

export type DeclaredManifest = DraftOf<DeclaredObject>;

/** In the order in which they are applied. */
export const DECLARED_KINDS: readonly DeclaredKind[] = DECLARED.map(({ kind }) => kind);

/** Reads what a text declares, of all the kinds that can be declared; see parseManifests. */
export function parseDeclared(text: string, file: string): Parsed<DeclaredManifest> {
  const kinds = DECLARED_KINDS.map((kind) => CHECKS[kind]);
  return parseManifests(text, file, kinds) as Parsed<DeclaredManifest>;
}
