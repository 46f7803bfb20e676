import { RegistrarError } from '../model/errors.js';
import { APPLIED, MODULE } from '../model/kinds.js';
import type { AppliedKind } from '../model/kinds.js';
import type { Client } from './http.js';
import type { List } from './modules.js';
import { KINDS, moduleNames, parseTargets, requireModules, requireNames } from './names.js';
import type { LiveObject } from './objects.js';
import { collectionPath, isNamedBy } from './resource.js';

/** How a command may name objects: by name, by label, or all of a kind. */
export interface Choice {
  readonly args: readonly string[];
  readonly selector: string | undefined;
  readonly all: boolean;
}

/** Objects of one kind. */
export interface Chosen {
  readonly kind: AppliedKind;
  readonly names: readonly string[];
}

/**
 * The objects chosen, modules unless another kind is said. BAD_REQUEST when nothing is chosen, and
 * when names come with a selector or --all.
 */
export async function chosenObjects(client: Client, choice: Choice): Promise<Chosen> {
  if (!isQuery(choice)) return named(choice.args);
  const kind = kindIn(choice);
  return { kind, names: await namesOf(client, kind, choice) };
}

/** The same of modules, for what is done with those alone. */
export async function chosenModules(client: Client, choice: Choice): Promise<readonly string[]> {
  if (!isQuery(choice)) return moduleNames(choice.args);
  const kind = kindIn(choice);
  requireModules(kind);
  return namesOf(client, kind, choice);
}

const isQuery = ({ all, selector }: Choice): boolean => all || selector !== undefined;

function named(args: readonly string[]): Chosen {
  const { kind, names } = parseTargets(args);
  if (kind === 'Event') throw new RegistrarError('BAD_REQUEST', 'This does not work on events');
  requireNames(kind, names);
  return { kind, names };
}

/** With a query, the only word that may stand there is the kind. */
function kindIn({ args: [word, ...rest] }: Choice): AppliedKind {
  const kind = word === undefined ? MODULE : APPLIED.find((names) => isNamedBy(names, word));
  if (kind !== undefined && rest.length === 0) return kind.kind;
  throw new RegistrarError('BAD_REQUEST', 'Give names, or choose with -l or --all, not both');
}

async function namesOf(
  client: Client,
  kind: AppliedKind,
  { selector }: Choice,
): Promise<readonly string[]> {
  const path = collectionPath(KINDS[kind]);
  const answer = await client.json({ path, query: { labelSelector: selector } });
  return (answer as List<LiveObject>).items.map(({ metadata }) => metadata.name);
}
