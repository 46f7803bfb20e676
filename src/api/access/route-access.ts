import type { FastifyRequest } from 'fastify';
import { flagOf } from '../requests/query.js';
import type { Query } from '../requests/query.js';
import type { Access } from './authorize.js';
import { pathRuleOf, resourceRuleOf } from './rules.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What accessOf found out, when it was asked already. */
    access: Access | undefined;
  }
}

/** A path that serves a resource: its objects, one of them when it has `:name`, or a part of it. */
export interface ResourcePath {
  readonly url: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Plural name, with the subresource after a slash. */
  readonly resource: string;
}

/** What a route does, as the table of rules knows it. */
export type RouteAccess =
  /** Answers that the path does not take the method. */
  | { readonly kind: 'unoffered' }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string }
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
    };

type OfferedAccess = Exclude<RouteAccess, { readonly kind: 'unoffered' }>;

/** What the method of a route does. A path that is no resource is given as text. */
export function routeAccess(place: string | ResourcePath, method: string): OfferedAccess {
  const lower = method === 'HEAD' ? 'get' : method.toLowerCase();
  if (typeof place === 'string') return { kind: 'path', verb: lower, path: place };
  const { url, group, resource } = place;
  const verbs = /\/:name(?:\/|$)/.test(url) ? OBJECT_VERBS : COLLECTION_VERBS;
  return { kind: 'resource', verb: verbs[lower] ?? lower, group, resource };
}

const SAME = { post: 'create', put: 'update', patch: 'patch' };
const OBJECT_VERBS: Readonly<Record<string, string>> = { ...SAME, get: 'get', delete: 'delete' };
const COLLECTION_VERBS: Readonly<Record<string, string>> = {
  ...SAME,
  ...{ get: 'list', delete: 'deletecollection' },
};

/** Whether the table says who may use a route. */
export function hasRule(access: RouteAccess): boolean {
  if (access.kind === 'unoffered') return true;
  if (access.kind === 'path') return isNoResource(access.path) && hasPathRule(access);
  return resourceRuleOf(access.verb, access.group, access.resource) !== undefined;
}

const hasPathRule = ({ verb, path }: { verb: string; path: string }): boolean =>
  pathRuleOf(verb, path) !== undefined;

/** Below a version there are only objects, and these have rows of their own. */
const isNoResource = (path: string): boolean =>
  !/^\/apis?\//.test(path) || /^\/(?:api\/[^/:]+|apis\/[^/:]+(?:\/[^/:]+)?)$/.test(path);

/** What a request wants to do; undefined for paths and methods that nothing is served at. */
export function accessOf(request: FastifyRequest): Access | undefined {
  request.access ??= accessIn(request);
  return request.access;
}

function accessIn(request: FastifyRequest): Access | undefined {
  const { access } = request.routeOptions.config;
  if (access === undefined || access.kind === 'unoffered') return undefined;
  if (access.kind === 'path') return { verb: access.verb, path: access.path };
  const { name, namespace } = request.params as { name?: string; namespace?: string };
  const { group, resource } = access;
  const isWatch = access.verb === 'list' && flagOf(request.query as Query, 'watch') === true;
  return { verb: isWatch ? 'watch' : access.verb, group, resource, name, namespace };
}
