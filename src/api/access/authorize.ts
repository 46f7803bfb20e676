import { moduleOfPod } from '../../kinds/pod/derive.js';
import { hasRole } from '../../model/identity.js';
import type { Identity, Role } from '../../model/identity.js';
import { pathRuleOf, resourceRuleOf } from './rules.js';
import type { PathRule, ResourceRule } from './rules.js';
import { hasWholeScope, isInScope, isSetInScope } from './scope.js';

/** Something that somebody wants to do with a resource. */
export interface ResourceAccess {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Plural name, with the subresource after a slash. */
  readonly resource: string;
  /** undefined for all objects. */
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
}

/** Something that somebody wants to do with a path that is no resource. */
export interface PathAccess {
  readonly verb: string;
  readonly path: string;
}

export type Access = ResourceAccess | PathAccess;

export type Decision =
  | { readonly allowed: true }
  /** `reason` is for the one who asks; it begins with a small letter. */
  | { readonly allowed: false; readonly reason: string };

const ALLOWED: Decision = { allowed: true };
const denied = (reason: string): Decision => ({ allowed: false, reason });

/**
 * Decides from the table of rules alone. Without a name the question is about all objects, so that
 * whoever is limited to some modules may not.
 */
export function decide(identity: Identity, access: Access): Decision {
  if ('path' in access) return decideRole(identity, pathRuleOf(access.verb, access.path));
  const rule = resourceRuleOf(access.verb, access.group, access.resource);
  return decideByRule(identity, rule, access.name);
}

/** As decide, by the row of the table that is known already. */
export function decideByRule(
  identity: Identity,
  rule: ResourceRule | PathRule | undefined,
  name: string | undefined,
): Decision {
  const byRole = decideRole(identity, rule);
  if (!byRole.allowed || rule === undefined || 'path' in rule) return byRole;
  return decideScope(identity, rule, name);
}

/** Decides what does not depend on which object it is. */
export function decideRole(
  identity: Identity,
  rule: ResourceRule | PathRule | undefined,
): Decision {
  if (rule === undefined) return denied('it is not offered');
  if (rule.role !== 'anyone' && !hasRole(identity, rule.role)) return denied(needsRole(rule.role));
  if ('needsExec' in rule && !identity.exec) return denied('it needs a token that may exec');
  return ALLOWED;
}

const needsRole = (role: Role): string => `it needs the role ${role}`;

/** Whether an identity may change the modules that an object is, belongs to or stands for. */
const IN_SCOPE = {
  module: isInScope,
  set: isSetInScope,
  pod: (identity: Identity, name: string) => isInScope(identity, moduleOfPod(name)),
} as const;

/** Decides whether an object, or all of them without a name, is one the identity may change. */
export function decideScope(
  identity: Identity,
  rule: ResourceRule | undefined,
  name: string | undefined,
): Decision {
  if (rule?.scope === undefined || hasWholeScope(identity)) return ALLOWED;
  if (name !== undefined && IN_SCOPE[rule.scope](identity, name)) return ALLOWED;
  return denied(`only modules named ${identity.modules.join(', ') || '(none)'} are allowed`);
}
