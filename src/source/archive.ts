import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PRIVATE_FILE } from '../lib/durable-file.js';
import { GitFailure } from './git-failure.js';
import { runGit } from './git.js';
import type { GitCall, GitSetting } from './git.js';
import { inBytes, tooLarge } from './too-large.js';

/** What tar adds: the head of an entry and its padding, twice for a long name; and the end. */
const OVERHEAD_PER_ENTRY = 8 * 512;
const OVERHEAD = 1024 * 1024;

/** Most bytes that the tar of a tree can have. */
export const maxArchiveBytes = (bytes: number, entries: number, pathLength: number): number =>
  bytes + entries * (OVERHEAD_PER_ENTRY + 2 * pathLength) + OVERHEAD;

/**
 * Writes the tar of a commit to a new file and onto the disk. The same commit gives the same bytes:
 * owner, mode and order are fixed, and the time is that of the commit. Gives back `sha256:…`.
 */
export async function writeArchive(
  git: GitSetting,
  call: Omit<GitCall, 'args'>,
  commit: string,
  path: string,
  maxBytes: number,
): Promise<string> {
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      hash.update(chunk);
      if (size > maxBytes) done(tooLarge('The archive has more bytes', inBytes(maxBytes)));
      else done(null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: PRIVATE_FILE, flush: true });
  const args = ['archive', '--format=tar', commit];
  const { code, stderr } = await runGit(git, { ...call, args }, (stdout) =>
    pipeline(stdout, measure, file),
  );
  if (code !== 0) throw new GitFailure('exit', stderr);
  return `sha256:${hash.digest('hex')}`;
}
