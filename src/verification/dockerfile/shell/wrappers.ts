/** A program that runs another one. */
interface Wrapper {
  /** Words of its own before the other one. */
  readonly own?: number;
  /** Letters of flags that are followed by a value. */
  readonly valued?: string;
}

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: { valued: 'ughpCrtT' },
  doas: { valued: 'uC' },
  env: { valued: 'uCS' },
  exec: { valued: 'a' },
  command: {},
  builtin: {},
  nohup: {},
  time: {},
  nice: { valued: 'n' },
  ionice: { valued: 'cnp' },
  timeout: { own: 1, valued: 'sk' },
  xargs: { valued: 'adEIinLlPs' },
  gosu: { own: 1 },
  'su-exec': { own: 1 },
  chroot: { own: 1 },
  tini: { valued: 'pe' },
  'dumb-init': { valued: 'r' },
  busybox: {},
};

/** The words of what is run in the end, and the programs that lead to it. */
export function unwrap(words: readonly string[]): { rest: readonly string[]; wrappers: string[] } {
  const wrappers: string[] = [];
  let at = 0;
  for (;;) {
    const name = baseName(words[at] ?? '');
    const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (wrapper === undefined) return { rest: words.slice(at), wrappers };
    wrappers.push(name);
    at = afterOwn(words, at + 1, wrapper);
  }
}

/** Last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function afterOwn(
  words: readonly string[],
  from: number,
  { own = 0, valued = '' }: Wrapper,
): number {
  let at = from;
  for (let left = own; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') return at + 1 + left;
    if (word.length === 2 && word.startsWith('-') && valued.includes(word[1] ?? '')) at += 1;
    else if (word.startsWith('-') || isAssignment(word)) continue;
    else if (left > 0) left -= 1;
    else return at;
  }
  return at;
}

const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;

export const isAssignment = (word: string): boolean => ASSIGNMENT.test(word);
