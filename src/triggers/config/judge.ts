import type { Module } from '../../model/module.js';
import type { ConfigAction } from './action.js';
import { isCurrent, ownerFileOf } from './draft.js';
import { coverOf } from './snapshot.js';
import type { ConfigFile, Declaration } from './snapshot.js';

type Files = ReadonlyMap<string, ConfigFile>;

/** A module that a file declared and none does any more. */
export interface Vanished {
  readonly module: Module;
  /** The file that owned it. */
  readonly file: string;
}

/** What is to be done about one name, the question of its deletion left open. */
export interface Judgement {
  readonly actions: readonly ConfigAction[];
  readonly vanished?: Vanished;
}

/** All declarations of each name, in the order of their files. */
export function claimsByName(files: Files): Map<string, Declaration[]> {
  const claims = new Map<string, Declaration[]>();
  for (const [, { content }] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (content.kind !== 'declares') continue;
    for (const declaration of content.declarations) {
      const { name } = declaration.manifest.metadata;
      const claim = claims.get(name);
      if (claim === undefined) claims.set(name, [declaration]);
      else claim.push(declaration);
    }
  }
  return claims;
}

/** The first rule that fits decides. `module` is undefined when there is none of the name. */
export function judge(
  name: string,
  claims: readonly Declaration[],
  module: Module | undefined,
  files: Files,
): Judgement {
  const [first] = claims;
  if (module === undefined) return first ? grant(name, first, claims, undefined, files) : NOTHING;
  // A name is free again only when its containers are gone.
  if (module.metadata.deletionTimestamp !== undefined) return wait(name, 'it is being deleted');
  const owner = ownerFileOf(module);
  if (owner === undefined) return { actions: refuse(name, claims, undefined, files) };
  const own = claims.find(({ file }) => file === owner);
  if (own) return grant(name, own, claims, module, files);
  const cover = coverOf(files, owner);
  // A file that is being written, or has just gone, may declare it a moment later, or another may.
  if (cover && !cover.file.settled) return wait(name, `"${cover.path}" is changing`);
  if (cover && cover.file.content.kind !== 'declares') {
    const keep = { kind: 'keep' as const, name, file: cover.path };
    return { actions: [keep, ...refuse(name, claims, cover.path, files)] };
  }
  if (first) return grant(name, first, claims, module, files);
  return { actions: [], vanished: { module, file: owner } };
}

const NOTHING: Judgement = { actions: [] };

function wait(name: string, because: string): Judgement {
  return { actions: [{ kind: 'wait', name, because }] };
}

/** The winner's declaration is applied, the others are refused. */
function grant(
  name: string,
  winner: Declaration,
  claims: readonly Declaration[],
  module: Module | undefined,
  files: Files,
): Judgement {
  const others = claims.filter((claim) => claim !== winner);
  const refusals = refuse(name, others, winner.file, files);
  return { actions: [...apply(name, winner, module, files), ...refusals] };
}

function apply(
  name: string,
  declaration: Declaration,
  module: Module | undefined,
  files: Files,
): ConfigAction[] {
  const { file } = declaration;
  if (!isSettled(files, file)) return [{ kind: 'wait', name, because: `"${file}" is changing` }];
  if (module === undefined) return [{ kind: 'create', name, declaration }];
  if (isCurrent(declaration, module)) return [];
  return [{ kind: 'update', name, declaration, from: ownerFileOf(module) ?? file }];
}

function refuse(
  name: string,
  claims: readonly Declaration[],
  owner: string | undefined,
  files: Files,
): ConfigAction[] {
  const ownerSettled = owner === undefined || isSettled(files, owner);
  return claims.map((declaration) => {
    const settled = ownerSettled && isSettled(files, declaration.file);
    return { kind: 'conflict', name, declaration, owner, settled };
  });
}

function isSettled(files: Files, path: string): boolean {
  return files.get(path)?.settled ?? false;
}
