import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import type { Identity } from '../../model/identity.js';
import type { Access, ResourceAccess } from './authorize.js';

/** What an identity is told that may not do something, in the words of Kubernetes and with why. */
export function forbidden({ name }: Identity, access: Access, reason: string): RegistrarError {
  const what = 'path' in access ? pathText(access.path) : resourceText(access);
  const subject = 'path' in access ? 'forbidden' : `${objectText(access)} is forbidden`;
  const message = `${subject}: User "${name}" cannot ${access.verb} ${what}: ${reason}`;
  return new RegistrarError('FORBIDDEN', message, 'path' in access ? {} : detailsOf(access));
}

const pathText = (path: string): string => `path "${printable(path)}"`;

function resourceText({ resource, group, namespace }: ResourceAccess): string {
  const where =
    namespace === undefined ? 'at the cluster scope' : `in the namespace "${printable(namespace)}"`;
  return `resource "${resource}" in API group "${group}" ${where}`;
}

function objectText({ resource, group, name }: ResourceAccess): string {
  const plural = pluralOf(resource);
  const qualified = group === '' ? plural : `${plural}.${group}`;
  return name === undefined ? qualified : `${qualified} "${printable(name)}"`;
}

function detailsOf({ resource, group, name }: ResourceAccess): object {
  const named = name === undefined ? {} : { name: printable(name) };
  return { ...named, group, kind: pluralOf(resource) };
}

const pluralOf = (resource: string): string => resource.split('/')[0] ?? resource;
