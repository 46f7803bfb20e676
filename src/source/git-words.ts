import type { ErrorCode } from '../model/errors.js';

/** What a failure of git means to whoever asked for it. */
export interface Meaning {
  readonly code: ErrorCode;
  /** Why, instead of what git says. */
  readonly why?: string;
  readonly remedy: string;
}

export const unavailable = (remedy: string, why?: string): Meaning => ({
  code: 'SOURCE_UNAVAILABLE',
  remedy,
  ...(why === undefined ? {} : { why }),
});

export const OTHERWISE = unavailable('check the URL, the network and the server');

/** What git's words mean; the first that fits. */
const MEANINGS: readonly (readonly [RegExp, Meaning])[] = [
  [
    /could not read (?:Username|Password)|Authentication failed|error: 40[13]\b/i,
    unavailable(
      'correct the URL, or name a Secret with a login in "spec.source.secret"',
      'the server asks for a login, or there is no such repository',
    ),
  ],
  [
    /Permission denied \(/,
    unavailable('give the daemon an SSH key that may read it', 'the server knows no such key'),
  ],
  [
    /Host key verification failed/i,
    unavailable(
      'put the key of the host into the known hosts file',
      'the key of the host is not known or has changed',
    ),
  ],
  [
    /error: 404|repository '.*' not found|does not appear to be a git repository|does not exist/i,
    { code: 'SOURCE_NOT_FOUND', why: 'there is no such repository', remedy: 'correct the URL' },
  ],
  [
    /error: 30\d|update url base from redirection/i,
    {
      code: 'SOURCE_REFUSED',
      why: 'the server redirects to another address, which is not followed',
      remedy: 'use the URL that it redirects to',
    },
  ],
  [
    /couldn't find remote ref|not our ref|unadvertised object|upload-pack: not our ref/i,
    {
      code: 'SOURCE_NOT_FOUND',
      why: 'the remote does not have it or does not give it',
      remedy: 'push it again, or pin a commit that is there',
    },
  ],
  [
    /certificate|SSL|TLS/,
    unavailable('have the server use a certificate of a trusted authority, or trust its authority'),
  ],
  [
    /dumb http transport|is this a git repository|invalid server response|bad line length/i,
    {
      code: 'SOURCE_REFUSED',
      why: 'the server does not speak the protocol of git',
      remedy: 'correct the URL',
    },
  ],
  [
    /fsck error/,
    { code: 'SOURCE_REFUSED', remedy: 'repair the commit: "git fsck" in the repository shows it' },
  ],
  [
    /out of memory|attempting to allocate|unable to create thread/i,
    {
      code: 'SOURCE_TOO_LARGE',
      why: 'git needs more memory for it than it may have',
      remedy: 'make the repository smaller',
    },
  ],
  [/No space left on device/i, unavailable('make room where the data directory is')],
  [/unable to access|RPC failed|early EOF|hung up|^ssh: |Connection (?:closed|reset)/m, OTHERWISE],
  [/Could not read from remote repository/, OTHERWISE],
];

/** What git said by itself: not what the remote said, nor what it was asked for. */
export const ownLines = (stderr: string): string[] =>
  stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim().replaceAll(/(?:https|ssh|file):\/\/[^\s']*/g, 'URL'))
    .filter((line) => line !== '' && !line.startsWith('remote:'));

/** What the words of git mean; undefined for words that are not known. */
export function explain(stderr: string): Meaning | undefined {
  const text = ownLines(stderr).join('\n');
  return MEANINGS.find(([words]) => words.test(text))?.[1];
}
