import { createHash } from 'node:crypto';
import { timestamp } from '../lib/clock.js';
import { cleanText } from './clean-text.js';

/** What a commit says of itself. */
export interface CommitFacts {
  /** RFC 3339. */
  readonly committedAt: string;
  /** Safe to show. */
  readonly author: string;
}

const MAX_AUTHOR = 200;
/** Seconds to the end of the year 9999, which is the last that RFC 3339 can write. */
const LAST_SECOND = 253_402_300_799;

/** Reads a commit object as git stores it. A field that is missing or malformed is empty or 1970. */
export function parseCommit(object: Buffer): CommitFacts {
  const [head = ''] = object.toString('utf8').split('\n\n', 1);
  const lines = head.split('\n');
  const [author = ''] = /^[^>]*>/.exec(fieldOf(lines, 'author')) ?? [];
  const [, seconds = '0'] = /> (-?\d{1,15}) [+-]\d+$/.exec(fieldOf(lines, 'committer')) ?? [];
  const within = Math.min(Math.max(0, Number(seconds)), LAST_SECOND);
  return { committedAt: timestamp(within * 1000), author: cleanText(author, MAX_AUTHOR) };
}

/** Whether an object is the commit of that id. */
export function isCommitOf(object: Buffer, commit: string): boolean {
  const hash = createHash(commit.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`commit ${object.length}\0`).update(object).digest('hex') === commit;
}

function fieldOf(lines: readonly string[], name: string): string {
  const line = lines.find((one) => one.startsWith(`${name} `));
  return line?.slice(name.length + 1) ?? '';
}
