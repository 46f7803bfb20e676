import type { CheckResult, Mode } from '../../src/model/verification.js';
import type { TreeSubject } from '../../src/verification/subjects.js';
import { dockerfileIn } from '../../src/verification/dockerfile/dockerfile-in.js';
import { runCheck } from '../../src/verification/run-check.js';
import { settingsOf } from '../../src/verification/settings.js';
import { indexOf } from '../../src/verification/tree/entry-index.js';
import type { Tree, TreeEntry } from '../../src/verification/tree/tree.js';
import { verify } from '../../src/verification/verify.js';
import { aManifest } from './builders.js';

/** Contents of a file, or what else stands there. */
export type Standing = string | Buffer | (Partial<TreeEntry> & { readonly content?: string });

const MODES = { file: 0o644, symlink: 0o777 } as const;

function entryOf(path: string, standing: Standing): TreeEntry {
  if (typeof standing === 'string' || Buffer.isBuffer(standing))
    return { path, type: 'file', mode: MODES.file, size: Buffer.byteLength(standing) };
  const { content, ...entry } = standing;
  const type = entry.target === undefined ? 'file' : 'symlink';
  return { path, type, mode: MODES[type], size: Buffer.byteLength(content ?? ''), ...entry };
}

const bytesOf = (standing: Standing): Buffer =>
  Buffer.isBuffer(standing)
    ? standing
    : Buffer.from(typeof standing === 'string' ? standing : (standing.content ?? ''));

/** A tree of what is given, by path. */
export function aTree(standing: Readonly<Record<string, Standing>>): Tree {
  const byPath = indexOf(Object.entries(standing).map(([path, what]) => entryOf(path, what)));
  return {
    entries: [...byPath.values()],
    at: (path) => byPath.get(path),
    read(path, limit) {
      if (byPath.get(path)?.type !== 'file') throw new Error(`${path} is no file`);
      return bytesOf(standing[path] ?? '').subarray(0, limit);
    },
  };
}

export interface Checking extends Partial<Pick<TreeSubject, 'manifest' | 'scan'>> {
  readonly mode?: Mode;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** What a check over files comes to, as a policy with these parameters has it. */
export async function checkTree(
  id: string,
  standing: Readonly<Record<string, Standing>>,
  { mode, parameters, ...checking }: Checking = {},
): Promise<CheckResult> {
  const given = { id, ...(mode && { mode }), ...(parameters && { parameters }) };
  const setting = settingsOf('test', { checks: [given] }).find(({ check }) => check.id === id);
  if (setting === undefined) throw new Error(`There is no check ${id}`);
  return runCheck(setting, { tree: subjectOf(standing, checking) });
}

/** What all checks over files come to, as they are by themselves. */
export async function checkWholeTree(
  standing: Readonly<Record<string, Standing>>,
  checking: Pick<Checking, 'manifest' | 'scan'>,
): Promise<CheckResult[]> {
  return verify({ tree: subjectOf(standing, checking) }, settingsOf('test', { checks: [] }));
}

function subjectOf(
  standing: Readonly<Record<string, Standing>>,
  { manifest = aManifest('web'), scan }: Pick<Checking, 'manifest' | 'scan'>,
): TreeSubject {
  const tree = aTree(standing);
  const dockerfile = dockerfileIn(tree, manifest);
  return { manifest, tree, dockerfile, ...(scan && { scan }) };
}

/** What a check found, as `file: message`; what else it came to, as `result: reason`. */
export async function findings(...args: Parameters<typeof checkTree>): Promise<string[]> {
  const { result, reason, problems } = await checkTree(...args);
  if (result !== 'failed') return [reason === undefined ? result : `${result}: ${reason}`];
  return problems.map(({ file, line, message }) =>
    [file ?? '', ...(line === undefined ? [] : [line]), ` ${message}`].join(':'),
  );
}
