import type { DeclaredObject } from '../../kinds/declared.js';
import { keyText } from '../../model/kinds.js';
import type { ObjectKey } from '../../model/kinds.js';
import type { ConfigAction } from './action.js';
import { isCurrent, keyOf, ownerFileOf } from './draft.js';
import { coverOf } from './snapshot.js';
import type { ConfigFile, Declaration } from './snapshot.js';

type Files = ReadonlyMap<string, ConfigFile>;

/** An object that a file declared and none does any more. */
export interface Vanished {
  readonly stored: DeclaredObject;
  /** The file that owned it. */
  readonly file: string;
}

/** What is to be done about one object, the question of its deletion left open. */
export interface Judgement {
  readonly actions: readonly ConfigAction[];
  readonly vanished?: Vanished;
}

/** What there is to judge of one object: it may be declared, stored or both. */
export interface Case {
  readonly object: ObjectKey;
  /** All declarations of it, in the order of their files. */
  readonly claims: readonly Declaration[];
  /** undefined when there is none. */
  readonly stored: DeclaredObject | undefined;
}

/** Every object that is declared in a file or stored. */
export function casesOf(files: Files, objects: readonly DeclaredObject[]): Case[] {
  const cases = new Map<string, Case & { readonly claims: Declaration[] }>();
  for (const stored of objects) {
    const object = keyOf(stored);
    cases.set(keyText(object), { object, claims: [], stored });
  }
  for (const [, { content }] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (content.kind !== 'declares') continue;
    for (const declaration of content.declarations) {
      const object = keyOf(declaration.manifest);
      const known = cases.get(keyText(object));
      if (known) known.claims.push(declaration);
      else cases.set(keyText(object), { object, claims: [declaration], stored: undefined });
    }
  }
  return [...cases.values()];
}

/** The first rule that fits decides. */
export function judge(one: Case, files: Files): Judgement {
  const { object, claims, stored } = one;
  const [first] = claims;
  if (stored === undefined) return first ? grant(one, first, files) : NOTHING;
  // A name is free again only when its containers are gone.
  if (stored.metadata.deletionTimestamp !== undefined) return wait(object, 'it is being deleted');
  const owner = ownerFileOf(stored);
  if (owner === undefined) return { actions: refuse(object, claims, undefined, files) };
  const own = claims.find(({ file }) => file === owner);
  if (own) return grant(one, own, files);
  const cover = coverOf(files, owner);
  // A file that is being written, or has just gone, may declare it a moment later, or another may.
  if (cover && !cover.file.settled) return wait(object, `"${cover.path}" is changing`);
  if (cover && cover.file.content.kind !== 'declares') {
    const keep = { kind: 'keep' as const, object, file: cover.path };
    return { actions: [keep, ...refuse(object, claims, cover.path, files)] };
  }
  if (first) return grant(one, first, files);
  return { actions: [], vanished: { stored, file: owner } };
}

const NOTHING: Judgement = { actions: [] };

function wait(object: ObjectKey, because: string): Judgement {
  return { actions: [{ kind: 'wait', object, because }] };
}

/** The winner's declaration is applied, the others are refused. */
function grant(one: Case, winner: Declaration, files: Files): Judgement {
  const others = one.claims.filter((claim) => claim !== winner);
  const refusals = refuse(one.object, others, winner.file, files);
  return { actions: [...apply(one, winner, files), ...refusals] };
}

function apply({ object, stored }: Case, declaration: Declaration, files: Files): ConfigAction[] {
  const { file } = declaration;
  if (!isSettled(files, file)) return [{ kind: 'wait', object, because: `"${file}" is changing` }];
  if (stored === undefined) return [{ kind: 'create', object, declaration }];
  if (isCurrent(declaration, stored)) return [];
  return [{ kind: 'update', object, declaration, from: ownerFileOf(stored) ?? file }];
}

function refuse(
  object: ObjectKey,
  claims: readonly Declaration[],
  owner: string | undefined,
  files: Files,
): ConfigAction[] {
  const ownerSettled = owner === undefined || isSettled(files, owner);
  return claims.map((declaration) => {
    const settled = ownerSettled && isSettled(files, declaration.file);
    return { kind: 'conflict', object, declaration, owner, settled };
  });
}

function isSettled(files: Files, path: string): boolean {
  return files.get(path)?.settled ?? false;
}
