import type { RouteAccess } from './route-access.js';
import { PATH_RULES, RESOURCE_RULES } from './rules.js';
import type { PathRule, ResourceRule } from './rules.js';

const keyOf = (verb: string, group: string, resource: string): string =>
  `${verb} ${group}/${resource}`;

/** The part of the table of rules that the routes of a server serve. */
export class Offered {
  readonly #resources = new Set<string>();
  readonly #paths = new Set<string>();

  /** Takes what a route does. What can be listed can be watched, if the table knows of it. */
  add(access: RouteAccess): void {
    if (access.kind === 'path') this.#paths.add(access.path);
    if (access.kind !== 'resource') return;
    const { verb, group, resource } = access;
    this.#resources.add(keyOf(verb, group, resource));
    if (verb === 'list') this.#resources.add(keyOf('watch', group, resource));
  }

  /** The rows for resources, with the verbs of them that are served. */
  get resourceRules(): ResourceRule[] {
    return RESOURCE_RULES.map((rule) => ({
      ...rule,
      verbs: rule.verbs.filter((verb) =>
        this.#resources.has(keyOf(verb, rule.group, rule.resource)),
      ),
    })).filter(({ verbs }) => verbs.length > 0);
  }

  /** The rows for paths that something is served at. */
  get pathRules(): PathRule[] {
    return PATH_RULES.filter(({ path }) => {
      if (!path.endsWith('*')) return this.#paths.has(path);
      return [...this.#paths].some((served) => served.startsWith(path.slice(0, -1)));
    });
  }
}
