import { dependentsOf, needsOf, unreadiness } from '../model/dependencies.js';
import type { Module } from '../model/module.js';
import type { Change, Registry } from '../registry/registry.js';

/**
 * The modules that a change of another one concerns: those that need it, when it came, went, is
 * ready or not by now, or is another version; and those that it needs, which have a network because of
 * it, or wait for its end.
 */
export function concernedBy(change: Change<'Module'>, registry: Pick<Registry, 'list'>): string[] {
  const { type, name, stored, previous } = change;
  const [before, after] = [previous?.object, type === 'DELETED' ? undefined : stored.object];
  const needing = offer(before) === offer(after) ? [] : needingNames(name, registry);
  return [...needing, ...neededNames(before, after)];
}

/** All of a module that others can tell. */
function offer(module: Module | undefined): string {
  if (module === undefined) return '';
  const { version, ports } = module.spec;
  return JSON.stringify([version, ports, unreadiness(module)]);
}

const needingNames = (name: string, registry: Pick<Registry, 'list'>): string[] => {
  const modules = registry.list('Module').items.map(({ object }) => object);
  return dependentsOf(name, modules).map(({ metadata }) => metadata.name);
};

/** Those that a module needs, or did: what is reached by nobody else, or by one more. */
function neededNames(before: Module | undefined, after: Module | undefined): string[] {
  const [then, now] = [needsOf(before), needsOf(after)];
  if (then.join() !== now.join()) return [...new Set([...then, ...now])];
  return isOver(before, after) ? now : [];
}

/** Whether the last container of a module has just gone. */
const isOver = (before: Module | undefined, after: Module | undefined): boolean =>
  after?.status.replicas === 0 && before?.status.replicas !== 0;
