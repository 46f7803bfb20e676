/** Part of a pattern; each position in a path is reached by a set of them. */
type Token =
  /** One character, as the text says or as the test says. */
  | { readonly kind: 'one'; readonly fits: (character: string) => boolean }
  /** Any number of characters that `fits` takes. */
  | { readonly kind: 'many'; readonly fits: (character: string) => boolean }
  /** Whole folders: nothing, or anything that ends in a slash. Two positions long. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'insideFolders' };

/** Says of a path whether a pattern fits it or a folder that it is in. */
export type Glob = (path: string) => boolean;

const any = (): boolean => true;
const notSlash = (character: string): boolean => character !== '/';

/**
 * A pattern of a .dockerignore file: `*`, `?`, classes such as `[a-c]`, `**` for any number of
 * folders, and a backslash before what is meant literally. undefined when it cannot be read. The
 * time to match is bounded by length of pattern times length of path, which no regular expression
 * made from somebody else's pattern would promise.
 */
export function compileGlob(pattern: string): Glob | undefined {
  if (!/[*?[\\]/.test(pattern)) {
    return (path) => path === pattern || path.startsWith(`${pattern}/`);
  }
  const tokens = tokensOf(pattern);
  return tokens && ((path) => fits(tokens, path));
}

function tokensOf(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let rest = pattern; rest !== '';) {
    const found = firstToken(rest);
    if (found === undefined) return undefined;
    tokens.push(...found.tokens);
    rest = rest.slice(found.length);
  }
  return tokens;
}

interface Found {
  readonly tokens: readonly Token[];
  /** Characters of the pattern. */
  readonly length: number;
}

function firstToken(rest: string): Found | undefined {
  if (rest.startsWith('**')) return stars(rest);
  if (rest.startsWith('*')) return found({ kind: 'many', fits: notSlash }, 1);
  if (rest.startsWith('?')) return found({ kind: 'one', fits: notSlash }, 1);
  if (rest.startsWith('[')) return characterClass(rest);
  const isEscaped = rest.startsWith('\\');
  const wanted = isEscaped ? rest.charAt(1) : rest.charAt(0);
  if (wanted === '') return undefined;
  return found({ kind: 'one', fits: (one) => one === wanted }, isEscaped ? 2 : 1);
}

const found = (token: Token, length: number): Found => ({ tokens: [token], length });

/** At the end it takes everything, elsewhere whole folders, with or without a slash after it. */
function stars(rest: string): Found {
  const length = /^\*\*\/?/.exec(rest)?.[0].length ?? 0;
  if (rest.length === length) return found({ kind: 'many', fits: any }, length);
  return { tokens: [{ kind: 'folders' }, { kind: 'insideFolders' }], length };
}

const CLASS = /^\[(\^?)((?:\\.|[^\\\]])+)\]/s;
const RANGE = /\\?(.)(?:-\\?(.))?/gs;

function characterClass(rest: string): Found | undefined {
  const [whole, inverted, content] = CLASS.exec(rest) ?? [];
  if (whole === undefined || content === undefined) return undefined;
  const ranges = [...content.matchAll(RANGE)].map(([, from = '', to = from]) => ({ from, to }));
  const isIn = (one: string): boolean => ranges.some(({ from, to }) => one >= from && one <= to);
  const test = inverted === '' ? isIn : (one: string): boolean => !isIn(one) && one !== '/';
  return found({ kind: 'one', fits: test }, whole.length);
}

/** Walks through the path with all positions in the pattern that are possible so far. */
function fits(tokens: readonly Token[], path: string): boolean {
  let positions = new Uint8Array(tokens.length + 1);
  reach(tokens, positions, 0);
  for (const character of path) {
    if (character === '/' && positions[tokens.length] === 1) return true;
    positions = step(tokens, positions, character);
  }
  return positions[tokens.length] === 1;
}

function step(
  tokens: readonly Token[],
  from: Uint8Array,
  character: string,
): Uint8Array<ArrayBuffer> {
  const positions = new Uint8Array(from.length);
  for (const [position, token] of tokens.entries()) {
    if (from[position] !== 1) continue;
    if (token.kind === 'one' && token.fits(character)) reach(tokens, positions, position + 1);
    if (token.kind === 'many' && token.fits(character)) reach(tokens, positions, position);
    if (token.kind !== 'insideFolders') continue;
    reach(tokens, positions, position);
    if (character === '/') reach(tokens, positions, position + 1);
  }
  return positions;
}

/** Marks a position, and those that are reached from it without a character. */
function reach(tokens: readonly Token[], positions: Uint8Array, from: number): void {
  for (let position = from; positions[position] === 0;) {
    positions[position] = 1;
    const kind = tokens[position]?.kind;
    if (kind === 'folders') positions[position + 1] = 1;
    if (kind === 'folders') position += 2;
    else if (kind === 'many') position += 1;
  }
}
