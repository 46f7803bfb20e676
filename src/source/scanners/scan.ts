import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanReport } from '../../verification/subjects.js';
import { cleanText } from '../clean-text.js';
import { GitFailure } from '../git-failure.js';
import { run, takeAll } from '../run.js';
import { copyLists, unpackLists } from './dependency-lists.js';
import { findScanner } from './find-scanner.js';
import type { Scanner } from './scanner.js';

export interface ScanOptions {
  /** The environment of the daemon, of which a scanner gets what it needs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For the scan; the first one may fetch the database of the scanner. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Most that is told of one source. */
const MAX_FOUND = 10_000;
/** A scanner holds its database in memory. */
const MAX_MEMORY = 4 * 1024 ** 3;
const VERSION_MS = 10_000;

/** Where it keeps its database, how it gets a new one, and its own settings. */
const PASSED_ON =
  /^(?:PATH|HOME|XDG_CACHE_HOME|SSL_CERT_(?:FILE|DIR)|(?:https?|no)_proxy|TRIVY_.*|GRYPE_.*|OSV_.*)$/i;

/**
 * What a scanner that is installed says of the dependencies in an archive by `git archive`; undefined
 * when none is installed. Only fails when it is called off: what goes wrong otherwise is told in
 * the report.
 */
export const scanArchive = (
  archive: string,
  options: ScanOptions,
): Promise<ScanReport | undefined> => scan((folder) => unpackLists(archive, folder), options);

/** The same of the files of a folder that somebody works in; `paths` are all that count there. */
export const scanFolder = (
  from: { readonly folder: string; readonly paths?: readonly string[] },
  options: ScanOptions,
): Promise<ScanReport | undefined> => scan((folder) => copyLists(from, folder), options);

/** Writes the lists of dependencies into a folder, and says how many there are. */
type Fill = (folder: string) => Promise<number>;

async function scan(fill: Fill, options: ScanOptions): Promise<ScanReport | undefined> {
  const scanner = await findScanner(options.env['PATH'] ?? '');
  if (scanner === undefined) return undefined;
  const place = await mkdtemp(join(tmpdir(), 'registrar-scan-'));
  try {
    return await scanIn(place, scanner, fill, options);
  } catch (error) {
    options.signal.throwIfAborted();
    return { scanner: scanner.name, version: 'unknown', found: [], failure: wordsOf(error) };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function scanIn(
  place: string,
  scanner: Scanner,
  fill: Fill,
  options: ScanOptions,
): Promise<ScanReport> {
  const [folder, cwd] = [join(place, 'source'), join(place, 'empty')];
  await Promise.all([mkdir(folder), mkdir(cwd)]);
  const count = await fill(folder);
  const version = await versionOf(scanner, cwd, options);
  const about = { scanner: scanner.name, version };
  if (count === 0) return { ...about, found: [] };
  const answer = await ask(scanner, scanner.args(folder), cwd, options);
  if (!scanner.done.includes(answer.code)) throw new Error(lastLine(answer));
  const found = scanner.read(jsonIn(answer.text), folder);
  if (found === undefined) throw new Error('it wrote something else than expected');
  return { ...about, found: found.slice(0, MAX_FOUND) };
}

async function versionOf(scanner: Scanner, cwd: string, options: ScanOptions): Promise<string> {
  const limit = { ...options, timeoutMs: Math.min(VERSION_MS, options.timeoutMs) };
  const { text } = await ask(scanner, ['--version'], cwd, limit);
  return /\d+\.\d+\.\d+[\w.+-]{0,40}/.exec(text)?.[0] ?? 'unknown';
}

interface Answer {
  readonly text: string;
  readonly code: number;
  readonly stderr: string;
}

async function ask(
  { name }: Scanner,
  args: readonly string[],
  cwd: string,
  { env, timeoutMs, signal }: ScanOptions,
): Promise<Answer> {
  const passed = Object.entries(env).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && PASSED_ON.test(pair[0]),
  );
  const what = { program: name, args, cwd, env: Object.fromEntries(passed), timeoutMs, signal };
  const { value, code, stderr } = await run({ ...what, maxMemory: MAX_MEMORY }, takeAll);
  return { text: value.toString('utf8'), code, stderr };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('what it wrote is no JSON');
  }
}

const lastLine = ({ code, stderr }: Answer): string =>
  cleanText(stderr.trim().split('\n').at(-1) ?? '') || `it ended with code ${code}`;

const FAILURES = {
  exit: 'it ended early',
  timeout: 'it took too long',
  cancelled: 'it was called off',
  output: 'it wrote too much',
} as const;

const wordsOf = (error: unknown): string => {
  if (error instanceof GitFailure) return FAILURES[error.kind];
  return cleanText(error instanceof Error ? error.message : String(error));
};
