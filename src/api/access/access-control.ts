import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RegistrarError } from '../../model/errors.js';
import type { Identity } from '../../model/identity.js';
import type { ApiDeps } from '../deps.js';
import type { Load } from '../load.js';
import { unsupportedVerb } from '../refusals.js';
import { authenticator } from './authentication.js';
import type { Found } from './authentication.js';
import { decide, decideByRule, decideRole } from './authorize.js';
import type { Access } from './authorize.js';
import { forbidden } from './forbidden.js';
import { followTokens } from './known-tokens.js';
import { Offered } from './offered.js';
import { accessOf, hasRule } from './route-access.js';
import type { RouteAccess } from './route-access.js';
import { pathRuleOf, resourceRuleOf } from './rules.js';
import type { PathRule, ResourceRule } from './rules.js';
import { unauthorized } from './unauthorized.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; undefined for those without credentials, who may ask for little. */
    identity: Identity | undefined;
  }
  interface FastifyContextConfig {
    access?: RouteAccess;
  }
}

/**
 * Lets only those use a route that the table of rules allows. To be called before routes are made:
 * one that the table does not know cannot be. Returns what the routes turn out to offer.
 */
export function accessControl(
  server: FastifyInstance,
  deps: Pick<ApiDeps, 'registry' | 'clock' | 'log' | 'token' | 'issuer'>,
  load: Pick<Load, 'retire'>,
): Offered {
  const tokens = followTokens(deps, (identity) => load.retire(identity));
  server.addHook('onClose', async () => tokens.close());
  const authenticate = authenticator(deps, tokens);
  server.decorateRequest('identity', undefined);
  server.decorateRequest('access', undefined);
  const offered = new Offered();
  server.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access !== undefined && hasRule(config.access)) return offered.add(config.access);
    throw new Error(`No rule says who may ${String(method)} ${url}: add a row to the rules`);
  });
  server.addHook('onRequest', (request, _reply, done) => {
    const enter = (found: Found): void => {
      request.identity = found;
      authorize(request);
    };
    const found = authenticate(request);
    if (found instanceof Promise) {
      // The framework hears of the answer of an issuer in the same way as of all others.
      // oxlint-disable-next-line promise/no-callback-in-promise
      found.then(enter).then(() => done(), done);
      return;
    }
    enter(found);
    done();
  });
  return offered;
}

/** Throws UNAUTHORIZED or FORBIDDEN when the sender may not use the route at all. */
function authorize(request: FastifyRequest): void {
  const { identity } = request;
  const access = accessOf(request);
  const rule = access && ruleOf(access);
  if (rule?.role === 'anyone') return;
  if (identity === undefined) throw unauthorized(HOW_TO_SEND);
  if (access === undefined) return;
  if (rule === undefined) throw notOffered(access);
  // A new object has its name in the body: its handler asks again when it knows it.
  const name = 'resource' in access ? access.name : undefined;
  const decision = isCreation(access)
    ? decideRole(identity, rule)
    : decideByRule(identity, rule, name);
  if (!decision.allowed) throw forbidden(identity, access, decision.reason);
}

const isCreation = (access: Access): boolean =>
  'resource' in access && access.verb === 'create' && access.name === undefined;

const HOW_TO_SEND =
  'send the header "Authorization: Bearer TOKEN", with the token in the data directory or another one';

const ruleOf = (access: Access): ResourceRule | PathRule | undefined =>
  'path' in access
    ? pathRuleOf(access.verb, access.path)
    : resourceRuleOf(access.verb, access.group, access.resource);

/** Routes have rules: only a list that cannot be watched comes here. */
function notOffered(access: Access): RegistrarError {
  if ('resource' in access) return unsupportedVerb(access);
  const message = `${access.verb} is not supported on ${access.path}`;
  return new RegistrarError('METHOD_NOT_ALLOWED', message);
}

/**
 * Throws FORBIDDEN when the sender of a request may not do something that its path alone does not
 * tell: for the objects that its body names, or that its selector finds.
 */
export function requireAccess({ identity }: FastifyRequest, access: Access): void {
  if (identity === undefined) throw new Error('Access is asked for nobody');
  const decision = decide(identity, access);
  if (!decision.allowed) throw forbidden(identity, access, decision.reason);
}
