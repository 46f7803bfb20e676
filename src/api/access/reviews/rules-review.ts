import type { Identity } from '../../../model/identity.js';
import { decideRole } from '../authorize.js';
import type { Offered } from '../offered.js';
import type { ResourceRule } from '../rules.js';
import { hasWholeScope } from '../scope.js';

interface AllowedResources {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Absent for all; with `*` for any text in a name. */
  readonly resourceNames?: readonly string[];
}

interface AllowedPaths {
  readonly verbs: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** Status of a SelfSubjectRulesReview. */
export interface RulesReviewStatus {
  readonly incomplete: false;
  readonly resourceRules: readonly AllowedResources[];
  readonly nonResourceRules: readonly AllowedPaths[];
}

/** Everything that an identity may do, of what is served. */
export function reviewRules(identity: Identity, offered: Offered): RulesReviewStatus {
  const isAllowed = (rule: Parameters<typeof decideRole>[1]): boolean =>
    decideRole(identity, rule).allowed;
  return {
    incomplete: false,
    resourceRules: offered.resourceRules
      .filter(isAllowed)
      .map((rule) => allowedBy(rule, identity))
      .filter(({ resourceNames }) => resourceNames?.length !== 0),
    nonResourceRules: offered.pathRules
      .filter(isAllowed)
      .map(({ verbs, path }) => ({ verbs, nonResourceURLs: [path] })),
  };
}

function allowedBy(rule: ResourceRule, identity: Identity): AllowedResources {
  const { verbs, group, resource } = rule;
  const allowed = { verbs, apiGroups: [group], resources: [resource] };
  if (rule.scope === undefined || hasWholeScope(identity)) return allowed;
  const { modules } = identity;
  const names = rule.scope === 'pod' ? modules.map((pattern) => `${pattern}-*`) : modules;
  return { ...allowed, resourceNames: names };
}
