import { formatPath } from '../../lib/field-path.js';
import { validateModule } from '../../manifest/validate.js';
import { realPathsOf } from '../../verification/real-paths.js';
import { settingsOf } from '../../verification/settings.js';
import { verify } from '../../verification/verify.js';
import { withPiece } from './draft.js';
import type { Draft, Piece } from './draft.js';

/** A draft with all pieces that a manifest can have, and those that it cannot. */
export interface Pieced {
  readonly draft: Draft;
  readonly left: readonly Piece[];
}

/**
 * Adds pieces to a draft, but for those that no manifest can have, and those that a check would have
 * something against: what comes from a repository may be a secret, or meant to do harm.
 */
export async function withPieces(
  base: Draft,
  pieces: readonly Piece[],
  registrarVersion: string,
): Promise<Pieced> {
  let draft = base;
  const left: Piece[] = [];
  const known = new Set(await found(base, registrarVersion));
  for (const piece of pieces) {
    const next = withPiece(draft, piece);
    const isGood =
      next !== undefined && (await found(next, registrarVersion)).every((one) => known.has(one));
    if (isGood) draft = next;
    else left.push(piece);
  }
  return { draft, left };
}

/** Check and field of all that checks of the manifest find. */
async function found({ manifest }: Draft, registrarVersion: string): Promise<string[]> {
  const { manifest: module } = validateModule(manifest);
  const facts = { registrarVersion, modules: new Map<string, string>(), now: Date.now() };
  const subject = { ...facts, manifest: module, realPaths: await realPathsOf(module) };
  const results = await verify({ manifest: subject }, settingsOf('', { checks: [] }));
  return results
    .filter(({ result, mode }) => result === 'failed' && mode !== 'off')
    .flatMap(({ check, problems }) => problems.map(({ field = '' }) => `${check} ${field}`));
}

/** What a piece that was left out is called. */
export const pieceName = ({ path, value, isItem }: Piece): string =>
  isItem === true && typeof value === 'object' && value !== null && 'name' in value
    ? `${formatPath(path)}: ${String(value.name)}`
    : formatPath(path);
