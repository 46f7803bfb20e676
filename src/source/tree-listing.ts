import type { Readable } from 'node:stream';
import { printable } from '../lib/printable.js';
import { GitFailure } from './git-failure.js';
import { runGit } from './git.js';
import type { GitCall, GitSetting } from './git.js';
import type { SourceLimits } from './source.js';
import { inBytes, tooLarge } from './too-large.js';

/** What a tree holds, counted. */
export interface TreeFacts {
  readonly bytes: number;
  readonly files: number;
  readonly submodules: readonly string[];
}

/** A line before its path: mode, type, id and size. */
const MAX_HEAD = 256;
const NUL = 0;
const TAB = 9;

/** The commit whose tree is counted, and how git is asked. */
export interface TreeCall extends Omit<GitCall, 'args'> {
  readonly commit: string;
  readonly limits: SourceLimits;
}

/**
 * Counts the files of a commit. SOURCE_TOO_LARGE names the limit that is exceeded; then nothing more
 * is read, since a few objects can stand for any number of files.
 */
export async function countTree(
  git: GitSetting,
  { commit, limits, ...call }: TreeCall,
): Promise<TreeFacts> {
  const args = ['ls-tree', '-r', '-t', '-l', '-z', '--full-tree', commit];
  const counter = new TreeCounter(limits);
  const { code, stderr } = await runGit(git, { ...call, args }, (stdout) => count(stdout, counter));
  if (code !== 0) throw new GitFailure('exit', stderr);
  return counter.facts;
}

async function count(stdout: Readable, counter: TreeCounter): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    rest = counter.push(Buffer.concat([rest, chunk]));
  }
}

/** Reads what `git ls-tree -r -t -l -z` prints. */
class TreeCounter {
  readonly #limits: SourceLimits;
  readonly #submodules: string[] = [];
  #bytes = 0;
  #files = 0;
  #entries = 0;

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  get facts(): TreeFacts {
    return { bytes: this.#bytes, files: this.#files, submodules: this.#submodules };
  }

  /** Counts all whole lines and gives back the rest. */
  push(lines: Buffer): Buffer {
    let start = 0;
    for (let end = lines.indexOf(NUL); end >= 0; end = lines.indexOf(NUL, start)) {
      this.#count(lines.subarray(start, end));
      start = end + 1;
    }
    const rest = lines.subarray(start);
    if (rest.length > MAX_HEAD + this.#limits.maxPathLength) throw this.#tooLong(rest);
    return rest;
  }

  #count(line: Buffer): void {
    const tab = line.indexOf(TAB);
    const [, type, , size] = line.toString('latin1', 0, tab).split(/ +/);
    const path = line.subarray(tab + 1);
    this.#entries += 1;
    if (type === 'blob') this.#files += 1;
    this.#bytes += Number.isNaN(Number(size)) ? 0 : Number(size);
    this.#check(path);
    if (type === 'commit') this.#submodules.push(path.toString());
  }

  #check(path: Buffer): void {
    const { maxFiles, maxBytes, maxPathLength } = this.#limits;
    if (path.length > maxPathLength) throw this.#tooLong(path);
    if (this.#entries > maxFiles) {
      throw tooLarge('The commit has more files and folders', String(maxFiles));
    }
    if (this.#bytes > maxBytes) throw tooLarge('The commit has more bytes', inBytes(maxBytes));
  }

  #tooLong(path: Buffer): Error {
    const begin = printable(path.toString('utf8', 0, 80), 60);
    const what = `The commit has a longer path, "${begin}",`;
    return tooLarge(what, `${this.#limits.maxPathLength} bytes`);
  }
}
