import { isJsonObject } from '../../../lib/merge-patch.js';
import type { JsonObject } from '../../../lib/merge-patch.js';
import { RegistrarError } from '../../../model/errors.js';
import type { Identity } from '../../../model/identity.js';
import { badRequest } from '../../refusals.js';
import { decide } from '../authorize.js';
import type { Decision, ResourceAccess } from '../authorize.js';
import type { Offered } from '../offered.js';

/** Answer to whether somebody may do something. */
export interface AccessReviewStatus {
  readonly allowed: boolean;
  readonly reason?: string;
}

/**
 * Whether an identity may do what the spec of a SelfSubjectAccessReview asks about; never for what
 * is not served. BAD_REQUEST and INVALID for a spec that asks about nothing.
 */
export function reviewAccess(
  identity: Identity,
  offered: Offered,
  spec: unknown,
): AccessReviewStatus {
  const { resourceAttributes: resource, nonResourceAttributes: path } = objectAt(spec, 'spec');
  if ((resource === undefined) === (path === undefined)) throw notOne();
  const decision =
    path === undefined
      ? reviewResource(identity, offered, objectAt(resource, 'spec.resourceAttributes'))
      : reviewPath(identity, offered, objectAt(path, 'spec.nonResourceAttributes'));
  return decision.allowed ? { allowed: true } : decision;
}

function reviewPath(identity: Identity, offered: Offered, attributes: JsonObject): Decision {
  const path = textAt(attributes, 'path');
  const rules = offered.pathRules.map((rule) => rule.path);
  const isServed = rules.some((rule) =>
    rule.endsWith('*') ? path.startsWith(rule.slice(0, -1)) : rule === path,
  );
  if (!isServed) return NOT_OFFERED;
  return decide(identity, { verb: textAt(attributes, 'verb'), path });
}

/** `*` in the question means all there are: it is answered with yes when all of them are allowed. */
function reviewResource(identity: Identity, offered: Offered, attributes: JsonObject): Decision {
  const asked = (field: string): ((value: string) => boolean) => {
    const text = textAt(attributes, field);
    return (value) => text === '*' || text === value;
  };
  const isVerb = asked('verb');
  const isGroup = asked('group');
  const name = textAt(attributes, 'name') || undefined;
  const resource = resourceIn(attributes);
  const meant = offered.resourceRules
    .filter((rule) => isGroup(rule.group) && (resource === '*' || resource === rule.resource))
    .flatMap(({ verbs, ...rule }) => verbs.filter(isVerb).map((verb) => ({ ...rule, verb, name })));
  return all(identity, meant);
}

function all(identity: Identity, accesses: readonly ResourceAccess[]): Decision {
  const decisions = accesses.map((access) => decide(identity, access));
  return decisions.find(({ allowed }) => !allowed) ?? decisions[0] ?? NOT_OFFERED;
}

const NOT_OFFERED: Decision = { allowed: false, reason: 'it is not offered' };

function resourceIn(attributes: JsonObject): string {
  const resource = textAt(attributes, 'resource');
  const part = textAt(attributes, 'subresource');
  return part === '' ? resource : `${resource}/${part}`;
}

function objectAt(value: unknown, path: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw badRequest(`The field ${path} must be an object`);
}

function textAt(object: JsonObject, field: string): string {
  const value = object[field] ?? '';
  if (typeof value === 'string') return value;
  throw badRequest(`The field ${field} must be a text`);
}

function notOne(): RegistrarError {
  const message = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return new RegistrarError('INVALID', `spec: Invalid value: ${message}`, {
    causes: [{ field: 'spec', message: `Invalid value: ${message}`, reason: 'FieldValueInvalid' }],
  });
}
