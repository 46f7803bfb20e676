import type { Verdict } from './verdict.js';

const KNOWN = /^Good "git" signature for \S+ with \S+ key (SHA256:\S+)$/m;
const UNKNOWN = /^Good "git" signature with \S+ key (SHA256:\S+)$/m;
const NOT_CHECKED = /cannot run|is needed for ssh|unsupported|unknown or/i;

/** What `git verify-commit --raw` says of a signature by an SSH key. */
export function parseSshOutput(stderr: string, code: number): Verdict {
  const known = KNOWN.exec(stderr)?.[1];
  if (known !== undefined && code === 0) return { state: 'good', key: known };
  const unknown = UNKNOWN.exec(stderr)?.[1];
  if (unknown !== undefined) return { state: 'unknownKey', key: unknown };
  if (NOT_CHECKED.test(stderr)) {
    return { state: 'unverifiable', message: 'ssh-keygen cannot check this signature' };
  }
  return { state: 'bad', message: 'the signature does not fit the commit' };
}
