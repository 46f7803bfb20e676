import { RegistrarError } from '../model/errors.js';
import { discover } from './discovery.js';
import type { Client } from './http.js';
import { EVENTS, isNamedBy, MODULES, TOKENS } from './resource.js';
import type { Resource } from './resource.js';

/** What the arguments of a command ask for. */
export interface Targets {
  /** Several when asked for as `modules,pods`, or by a category such as `all`. */
  readonly resources: readonly Resource[];
  /** Empty for all objects. */
  readonly names: readonly string[];
  /** What the first argument means if it is not the name of a module: a kind, or nothing. */
  readonly otherwise?: () => Promise<Targets | undefined>;
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

/** Kinds by their words; asks the server for those that not every server has, once. */
class Words {
  #discovered: Promise<readonly Resource[]> | undefined;

  constructor(private readonly client: Client) {}

  /** The kind that every server has; undefined for another word. */
  known(word: string): Resource | undefined {
    return [MODULES, EVENTS, TOKENS].find((resource) => isNamedBy(resource, word));
  }

  /** The kinds that a word means: one, those of a category, or none. */
  async find(word: string): Promise<readonly Resource[]> {
    const known = this.known(word);
    if (known !== undefined) return [known];
    this.#discovered ??= discover(this.client);
    const all = (await this.#discovered).filter(({ verbs }) => verbs.includes('list'));
    const one = all.find((resource) => isNamedBy(resource, word));
    return one === undefined ? all.filter(({ categories }) => categories.includes(word)) : [one];
  }
}

/**
 * Understands `web api`, `pod web-0`, `pods`, `pod/web-0`, `modules,pods` and `all`. A word for a
 * kind is one in the first place only: `module events` is the module named so, and so is `pods`
 * when there is a module of that name. BAD_REQUEST for a kind that does not exist, and for two
 * kinds with a slash at once. `mustBeKind` when there can be no name.
 */
export async function resolveTargets(
  client: Client,
  args: readonly string[],
  mustBeKind: boolean,
): Promise<Targets> {
  const words = new Words(client);
  const [first, ...rest] = args;
  if (first === undefined) return { resources: [MODULES], names: [] };
  if (args.some((argument) => argument.includes('/'))) return qualified(words, args);
  const known = words.known(first);
  if (known !== undefined) return { resources: [known], names: rest };
  const otherwise = () => byWord(words, first, rest);
  if (!mustBeKind && !first.includes(',')) return { resources: [MODULES], names: args, otherwise };
  const found = await otherwise();
  if (found !== undefined) return found;
  throw unknownKind(first);
}

const unknownKind = (word: string): RegistrarError =>
  refuse(`Unknown kind "${word}"; "registrar api-resources" lists those that there are`);

async function byWord(
  words: Words,
  first: string,
  names: readonly string[],
): Promise<Targets | undefined> {
  const each = first.split(',');
  const found = await Promise.all(each.map((word) => words.find(word)));
  const resources = [...new Set(found.flat())];
  if (resources.length === 0) return undefined;
  const unknown = each.find((_, index) => found[index]?.length === 0);
  if (unknown !== undefined) throw unknownKind(unknown);
  if (resources.length === 1 || names.length === 0) return { resources, names };
  throw refuse('Names are of one kind: ask for one kind after the other');
}

/** `pod/web-0 pod/web-1`, among which a plain name is that of a module. */
async function qualified(words: Words, args: readonly string[]): Promise<Targets> {
  const [first = ''] = args;
  if (!first.includes('/') && words.known(first) !== undefined) throw mixed(first, args);
  const found = await Promise.all(args.map((argument) => parseQualified(words, argument)));
  const [one] = found;
  if (one === undefined || found.some(({ resource }) => resource !== one.resource)) {
    throw refuse('Cannot mix kinds in one command; ask for one after the other');
  }
  return { resources: [one.resource], names: found.map(({ name }) => name) };
}

async function parseQualified(
  words: Words,
  argument: string,
): Promise<{ resource: Resource; name: string }> {
  if (!argument.includes('/')) return { resource: MODULES, name: argument };
  const [word = '', name = '', ...rest] = argument.split('/');
  const [resource] = await words.find(word);
  if (resource === undefined) {
    throw refuse(`Unknown kind "${word}" in "${argument}"; write module/NAME`);
  }
  if (name === '' || rest.length > 0) {
    throw refuse(`There is no name in "${argument}"; write ${word}/NAME`);
  }
  return { resource, name };
}

const mixed = (kind: string, args: readonly string[]): RegistrarError => {
  const argument = args.find((one) => one.includes('/')) ?? '';
  return refuse(`Cannot use "${argument}" after a kind; write "${kind} NAME" or "${kind}/NAME"`);
};
