import { KINDS } from '../kinds/registered.js';
import type { KindName } from '../kinds/registered.js';
import { invalidField } from '../kinds/refusals.js';
import { RegistrarError } from '../model/errors.js';
import { resourceOf } from '../model/kinds.js';
import type { AnyObject } from './stored.js';

// The texts are those of Kubernetes, because its clients show them and people search for them.

/** `modules.registrar.synapsis.network "demo"`. */
function subject(kind: KindName, name: string): string {
  return `${resourceOf(KINDS[kind])} "${name}"`;
}

export function notFound(kind: KindName, name: string): RegistrarError {
  return new RegistrarError('NOT_FOUND', `${subject(kind, name)} not found`, { kind, name });
}

export function alreadyExists(kind: KindName, name: string): RegistrarError {
  const message = `${subject(kind, name)} already exists`;
  return new RegistrarError('ALREADY_EXISTS', message, { kind, name });
}

/** A stale resourceVersion. */
export function notNewest(object: AnyObject): RegistrarError {
  return conflict(
    object,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** A uid of another object, most often a deleted one of the same name. */
export function otherUid(object: AnyObject, expected: string): RegistrarError {
  const actual = object.metadata.uid;
  return conflict(
    object,
    `Precondition failed: UID in precondition: ${expected}, UID in object meta: ${actual}`,
  );
}

function conflict(object: AnyObject, why: string): RegistrarError {
  const { kind, metadata } = object;
  const text = `Operation cannot be fulfilled on ${subject(kind, metadata.name)}: ${why}`;
  return new RegistrarError('CONFLICT', text, { kind, name: metadata.name });
}

export function nameRequired(kind: KindName): RegistrarError {
  return invalidField(KINDS[kind], '', {
    field: 'metadata.name',
    reason: 'FieldValueRequired',
    message: 'Required value: name or generateName is required',
  });
}

export function newFinalizerForbidden(object: AnyObject): RegistrarError {
  return invalidField(KINDS[object.kind], object.metadata.name, {
    field: 'metadata.finalizers',
    reason: 'FieldValueForbidden',
    message: 'Forbidden: no new finalizers can be added if the object is being deleted',
  });
}

/** A watch from before the log begins; `oldest` is the first resourceVersion it can start at. */
export function tooOld(since: string, oldest: number): RegistrarError {
  return new RegistrarError('EXPIRED', `too old resource version: ${since} (${oldest})`);
}

/** A watch from a history that this store does not have, such as from before a restore. */
export function fromTheFuture(since: string, newest: number): RegistrarError {
  return new RegistrarError('EXPIRED', `Too large resource version: ${since}, current: ${newest}`);
}

export function notAVersion(since: string): RegistrarError {
  return new RegistrarError(
    'BAD_REQUEST',
    `Invalid resourceVersion "${since}": it must be a decimal number, as the server gave it`,
  );
}
