import type { Role } from '../../model/identity.js';
import type { Verb } from '../../model/kinds.js';
import { GROUP } from '../../model/names.js';

/** What can be done with a path that is no resource: the method in lower case. */
export type PathVerb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** One row: who may do these things with a resource. */
export interface ResourceRule {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural name, with the subresource after a slash. */
  readonly resource: string;
  readonly verbs: readonly Verb[];
  /** Least role that is needed. */
  readonly role: Role;
  /** What the names are: only those of modules, of sets of them, or of pods, that the patterns allow. */
  readonly scope?: 'module' | 'set' | 'pod';
  /** Needs the permission to run commands, beside the role. */
  readonly needsExec?: true;
}

/** One row: who may ask for a path. */
export interface PathRule {
  /** As the route is written. Ends in `*` for all that begin so. */
  readonly path: string;
  readonly verbs: readonly PathVerb[];
  /** Least role that is needed; `anyone` needs no credentials. */
  readonly role: Role | 'anyone';
}

const READ = ['get', 'list', 'watch'] as const;
const CHANGE = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const OPERATE = { role: 'operator', scope: 'module' } as const;
const OPERATE_SET = { role: 'operator', scope: 'set' } as const;
const EXEC = { role: 'operator', scope: 'pod', needsExec: true } as const;
const REVIEW = { verbs: ['create'], role: 'viewer' } as const;

/** Who may do what with which resource. What is not here cannot be served. */
export const RESOURCE_RULES: readonly ResourceRule[] = [
  { group: GROUP, resource: 'modules', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'modules', verbs: CHANGE, ...OPERATE },
  { group: GROUP, resource: 'modules/status', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/status', verbs: ['update', 'patch'], role: 'admin' },
  { group: GROUP, resource: 'modules/scale', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/scale', verbs: ['update', 'patch'], ...OPERATE },
  { group: GROUP, resource: 'modules/plan', verbs: ['create'], ...OPERATE },
  { group: GROUP, resource: 'modules/log', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/buildlog', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/trust', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/verification', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/package', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modules/yank', verbs: ['create', 'delete'], ...OPERATE },
  { group: GROUP, resource: 'modules/deprecate', verbs: ['create', 'delete'], ...OPERATE },
  { group: GROUP, resource: 'modulesets', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'modulesets', verbs: CHANGE, ...OPERATE_SET },
  { group: GROUP, resource: 'modulesets/status', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modulesets/status', verbs: ['update', 'patch'], role: 'admin' },
  { group: GROUP, resource: 'modulesets/scale', verbs: ['get'], role: 'viewer' },
  { group: GROUP, resource: 'modulesets/scale', verbs: ['update', 'patch'], ...OPERATE_SET },
  { group: GROUP, resource: 'revisions', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'rollouts', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'policies', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'policies', verbs: CHANGE, role: 'admin' },
  { group: GROUP, resource: 'secrets', verbs: READ, role: 'operator' },
  { group: GROUP, resource: 'secrets', verbs: CHANGE, role: 'admin' },
  { group: GROUP, resource: 'reports', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'moduleversions', verbs: READ, role: 'viewer' },
  { group: GROUP, resource: 'tokens', verbs: [...READ, ...CHANGE], role: 'admin' },
  { group: GROUP, resource: 'tokens/rotate', verbs: ['create'], role: 'admin' },

  { group: '', resource: 'events', verbs: READ, role: 'viewer' },
  { group: '', resource: 'events', verbs: ['create'], role: 'operator' },
  { group: '', resource: 'namespaces', verbs: READ, role: 'viewer' },
  { group: '', resource: 'services', verbs: ['list'], role: 'viewer' },
  { group: '', resource: 'pods', verbs: READ, role: 'viewer' },
  { group: '', resource: 'pods/log', verbs: ['get'], role: 'viewer' },
  { group: '', resource: 'pods/exec', verbs: ['get', 'create'], ...EXEC },
  { group: 'metrics.k8s.io', resource: 'pods', verbs: ['get', 'list'], role: 'viewer' },

  { group: 'authentication.k8s.io', resource: 'selfsubjectreviews', ...REVIEW },
  { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews', ...REVIEW },
  { group: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews', ...REVIEW },
];

/** Who may ask for which path beside the resources. What is not here cannot be served. */
export const PATH_RULES: readonly PathRule[] = [
  { path: '/healthz', verbs: ['get'], role: 'anyone' },
  { path: '/livez', verbs: ['get'], role: 'anyone' },
  { path: '/readyz', verbs: ['get'], role: 'anyone' },
  { path: '/version', verbs: ['get'], role: 'anyone' },
  { path: '/api', verbs: ['get'], role: 'viewer' },
  { path: '/api/*', verbs: ['get'], role: 'viewer' },
  { path: '/apis', verbs: ['get'], role: 'viewer' },
  { path: '/apis/*', verbs: ['get'], role: 'viewer' },
  { path: '/openapi/*', verbs: ['get'], role: 'viewer' },
  { path: '/metrics', verbs: ['get'], role: 'viewer' },
  { path: '/configz', verbs: ['get'], role: 'viewer' },
  { path: '/configz/confirm-prune', verbs: ['post'], role: 'operator' },
  { path: '/gcz', verbs: ['get'], role: 'viewer' },
  { path: '/gcz/collect', verbs: ['post'], role: 'admin' },
  { path: '/gcz/remove-volume', verbs: ['post'], role: 'admin' },
  { path: '/enginez/accept', verbs: ['post'], role: 'admin' },
  // Whoever has no key of a webhook gets nothing but 401.
  { path: '/hooks/git', verbs: ['post'], role: 'anyone' },
  { path: '/auditz', verbs: ['get'], role: 'admin' },
  { path: '/auditz/verify', verbs: ['get'], role: 'admin' },
  { path: '/secretz/rotate-keys', verbs: ['post'], role: 'admin' },
];

const rulesByResource = new Map<string, ResourceRule[]>();
for (const rule of RESOURCE_RULES) {
  rulesByResource.set(rule.resource, [...(rulesByResource.get(rule.resource) ?? []), rule]);
}

/** The row for a verb on a resource; undefined when there is none. */
export function resourceRuleOf(
  verb: string,
  group: string,
  resource: string,
): ResourceRule | undefined {
  return rulesByResource
    .get(resource)
    ?.find((rule) => rule.group === group && rule.verbs.some((each) => each === verb));
}

/** The row for a path: its own, else that of how it begins; undefined when there is none. */
export function pathRuleOf(verb: string, path: string): PathRule | undefined {
  const own = PATH_RULES.find((rule) => rule.path === path);
  const found = own ?? PATH_RULES.find((rule) => isBelow(path, rule.path));
  return found?.verbs.some((each) => each === verb) === true ? found : undefined;
}

const isBelow = (path: string, pattern: string): boolean =>
  pattern.endsWith('/*') && path.startsWith(pattern.slice(0, -1));
