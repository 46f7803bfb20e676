import { posix } from 'node:path';
import { forbidden, invalid } from './rule.js';
import type { Rule } from './rule.js';

const RELATIVE = 'a path relative to the root of the repository, without "..", "." and "//"';

/** Whether a path leads below where it begins, and has only one way to be written. */
const isBelow = (path: string): boolean =>
  !path.startsWith('/') && posix.normalize(path) === path && !/^\.\.(\/|$)/.test(path);

const URL_REMEDY =
  'a URL is seen by everybody who may read the module: leave out user, password and what follows "?" or "#", and name a Secret in spec.source.secret';

/** Whether a URL has a part in which logins are: a password, a user of a web server, a query. */
function mayHoldLogin(repoUrl: string): boolean {
  const [, scheme = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(repoUrl) ?? [];
  if (/[?#]/.test(rest)) return true;
  const [authority = ''] = rest.split('/');
  // Of `git@host:path` the first one counts, of a URL the last.
  const at = scheme === '' ? authority.indexOf('@') : authority.lastIndexOf('@');
  if (at <= 0) return false;
  const isOfSsh = /^(ssh)?$/i.test(scheme);
  return !isOfSsh || authority.slice(0, at).includes(':');
}

/** What must hold of where the code of a module is. */
export const SOURCE_RULES: readonly Rule[] = [
  {
    reads: ['spec.image', 'spec.source'],
    find: ({ spec: { image, source } }) =>
      image === '' && source === undefined
        ? [
            {
              ...{ path: ['spec', 'image'], reason: 'FieldValueRequired' },
              detail: 'there is nothing to run: set spec.image, or spec.source to build from',
            },
          ]
        : [],
  },
  {
    reads: ['spec.source'],
    find: ({ spec: { source } }) =>
      source !== undefined && mayHoldLogin(source.repoUrl)
        ? [forbidden(['spec', 'source', 'repoUrl'], URL_REMEDY)]
        : [],
  },
  {
    reads: ['spec.source'],
    find: ({ spec: { source } }) => {
      if (source === undefined) return [];
      const { path, dockerfile } = source;
      return [
        ...(isBelow(path) && !path.endsWith('/')
          ? []
          : [invalid(['spec', 'source', 'path'], RELATIVE, path)]),
        ...(isBelow(dockerfile) && dockerfile !== '.' && !dockerfile.endsWith('/')
          ? []
          : [invalid(['spec', 'source', 'dockerfile'], RELATIVE, dockerfile)]),
      ];
    },
  },
];
