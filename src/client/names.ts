import { RegistrarError } from '../model/errors.js';
import { EVENT, MODULE, MODULE_SET, POLICY, SECRET } from '../model/kinds.js';
import { isNamedBy, qualifiedName } from './resource.js';

/** The kinds that commands know by name. */
export const KINDS = {
  Module: MODULE,
  ModuleSet: MODULE_SET,
  Policy: POLICY,
  Secret: SECRET,
  Event: EVENT,
} as const;

export type KindName = keyof typeof KINDS;

/** What the arguments of a command ask for; no names means all. */
export interface Targets {
  readonly kind: KindName;
  readonly names: readonly string[];
}

/** `modules`, `module`, `mod`, `modules.registrar.synapsis.network`: all the words for a kind. */
function kindOf(word: string): KindName | undefined {
  return Object.values(KINDS).find((kind) => isNamedBy(kind, word))?.kind;
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

interface Qualified {
  readonly kind: KindName;
  readonly name: string;
}

function parseQualified(argument: string): Qualified {
  const [word = '', name = '', ...rest] = argument.split('/');
  const kind = kindOf(word);
  if (kind === undefined)
    throw refuse(`Unknown kind "${word}" in "${argument}"; write module/NAME`);
  if (name === '' || rest.length > 0)
    throw refuse(`There is no name in "${argument}"; write ${word}/NAME`);
  return { kind, name };
}

/**
 * Understands `web api`, `module web`, `modules`, `module/web` and `events`. A word for a kind is
 * one in the first place only: `module events` is the module named so. BAD_REQUEST for a kind that
 * does not exist and for two kinds at once.
 */
export function parseTargets(args: readonly string[]): Targets {
  const [first = '', ...rest] = args;
  const kind = kindOf(first);
  if (kind !== undefined) return { kind, names: rest.map((name) => plainName(name, kind)) };
  const found = args.map((argument): Qualified =>
    argument.includes('/') ? parseQualified(argument) : { kind: 'Module', name: argument },
  );
  const kinds = new Set(found.map((target) => target.kind));
  if (kinds.size > 1) throw refuse('Cannot mix kinds in one command; ask for one after the other');
  return { kind: found[0]?.kind ?? 'Module', names: found.map(({ name }) => name) };
}

function plainName(name: string, kind: KindName): string {
  if (!name.includes('/')) return name;
  throw refuse(
    `Cannot use "${name}" after a kind; write "${KINDS[kind].singular} NAME" or "${KINDS[kind].singular}/NAME"`,
  );
}

/** The names of modules in the arguments of a command that needs them. BAD_REQUEST without any. */
export function moduleNames(args: readonly string[]): readonly string[] {
  const { kind, names } = parseTargets(args);
  requireModules(kind);
  requireNames(kind, names);
  return names;
}

/** What has a number of replicas: modules or sets of them. BAD_REQUEST for other kinds, and without a name. */
export function scalableTargets(args: readonly string[]): Targets {
  const targets = parseTargets(args);
  const { kind, names } = targets;
  if (kind !== 'ModuleSet') requireModules(kind);
  requireNames(kind, names);
  return targets;
}

/** BAD_REQUEST for another kind. */
export function requireModules(kind: KindName): void {
  if (kind !== 'Module') throw refuse(`This works on modules, not on ${KINDS[kind].plural}`);
}

/** BAD_REQUEST without a name. */
export function requireNames(kind: KindName, names: readonly string[]): void {
  if (names.length > 0) return;
  const { singular, plural } = KINDS[kind];
  const how = kind === 'Module' ? 'registrar get' : `registrar get ${plural}`;
  throw refuse(`A ${singular} must be named; "${how}" lists them`);
}

/** `module.registrar.synapsis.network/web`, as kubectl names an object. */
export const fullName = (name: string): string => qualifiedName(MODULE, name);
