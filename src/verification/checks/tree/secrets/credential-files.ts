import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { lineAt, lookAtText, TextParameters } from '../../../tree/text-files.js';
import type { TextFile } from '../../../tree/text-files.js';
import { isPlaceholder } from './placeholder.js';

/** Files of tools that keep credentials: which files, and what in them is one. */
interface Keeper {
  readonly what: string;
  readonly path: RegExp;
  /** What the text must have beside it, for a path that says little. */
  readonly beside?: RegExp;
  /** The credential is the group. */
  readonly pattern: RegExp;
}

const KEEPERS: readonly Keeper[] = [
  {
    what: 'a kubeconfig with a credential',
    path: /./,
    beside: /["']?kind["']?\s{0,4}:\s{0,4}["']?Config\b/,
    pattern:
      /["']?\b(?:token|client-key-data|password)["']?[ \t]{0,4}:[ \t]{0,4}["']?([^\s"',]{8,})/g,
  },
  {
    what: 'a login to a registry of images',
    path: /\.json$|\.dockercfg$/,
    beside: /"auths"/,
    pattern: /"(?:auth|identitytoken)"\s{0,4}:\s{0,4}"([A-Za-z0-9+/=._-]{12,})"/g,
  },
  {
    what: 'a login (netrc)',
    path: /(?:^|\/)[._]netrc$/,
    pattern: /\bpassword\s{1,8}(\S{4,})/g,
  },
  {
    what: 'a login to PostgreSQL',
    path: /(?:^|\/)\.pgpass$/,
    pattern: /^(?:[^:\n]*:){4}(\S{4,})/gm,
  },
  {
    what: 'a login to a package index',
    path: /(?:^|\/)\.pypirc$|(?:^|\/)pip\.conf$/,
    pattern: /^\s*password\s{0,4}[:=]\s{0,4}(\S{4,})/gm,
  },
  {
    what: 'a login to a git host',
    path: /(?:^|\/)\.git-credentials$/,
    pattern: /^https?:\/\/[^:\s]{1,200}:([^@\s]{4,})@/gm,
  },
  {
    what: 'a login to a cloud',
    path: /(?:^|\/)\.aws\/credentials$/,
    pattern: /^\s*aws_secret_access_key\s*=\s*(\S{20,})/gm,
  },
];

/** No files that tools keep credentials in. */
export const CREDENTIAL_FILES = check({
  id: 'tree/credential-files',
  title: 'No file is one that a tool keeps logins in',
  severity: 'critical',
  mode: 'enforce',
  about: 'tree',
  why: 'It lets whoever has the source into a cluster, a registry or a database.',
  remedy: 'Take the credential back where it is for, and the file out of git',
  parameters: TextParameters,
  run: ({ tree }, parameters) => lookAtText(tree, parameters, loginsIn),
});

const loginsIn = (file: TextFile): Problem[] =>
  KEEPERS.filter(({ path, beside }) => path.test(file.path) && (beside?.test(file.text) ?? true))
    .flatMap(({ what, pattern }) =>
      [...file.text.matchAll(pattern)]
        .filter(([, login = '']) => !isPlaceholder(login) && !login.startsWith('$'))
        .map(({ index }) => ({ line: lineAt(file.text, index), message: `It is ${what}` })),
    )
    .map((problem) => ({ file: file.path, ...problem }));
