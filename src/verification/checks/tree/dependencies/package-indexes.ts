import type { Problem } from '../../../../model/verification.js';
import { check, NotApplicable } from '../../../check.js';
import type { TreeSubject } from '../../../subjects.js';
import { dependencyFiles } from './dependency-files.js';
import type { DependencyFile } from './dependency-files.js';
import { REQUIREMENTS } from './requirements.js';

const NAMES = new RegExp(
  `${REQUIREMENTS.source}|(?:^|/)(?:pip\\.conf|pip\\.ini|\\.npmrc|Pipfile|pyproject\\.toml)$`,
  'i',
);

const RULES: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  {
    pattern: /(?:--extra-index-url|^\s*extra-index-url\s*=|PIP_EXTRA_INDEX_URL)/i,
    message: 'Packages may come from either of two indexes, whichever has the higher version',
  },
  {
    pattern: /(?:--trusted-host|^\s*trusted-host\s*=|strict-ssl\s*=\s*false|PIP_TRUSTED_HOST)/i,
    message: 'The certificate of the index is not checked',
  },
  {
    pattern: /(?:index-url|registry|^\s*url)\s*=?\s*["']?http:\/\/(?!localhost\b|127\.)/i,
    message: 'The index is read without encryption',
  },
];

/** Packages come from one index, and nobody on the way can change them. */
export const PACKAGE_INDEXES = check({
  id: 'tree/package-indexes',
  title: 'Packages come from one index, encrypted',
  severity: 'high',
  mode: 'warn',
  about: 'tree',
  why: 'With a second index anybody can publish a package of the name of an inner one there, and it is taken.',
  remedy: 'Use one index that has all packages, over https',
  run(subject) {
    const files = [...listed(subject), ...inDockerfile(subject)];
    if (files.length === 0) throw new NotApplicable('Nothing says where packages come from');
    return files.flatMap(linesIn);
  },
});

function listed(subject: TreeSubject): readonly DependencyFile[] {
  try {
    return dependencyFiles(subject, NAMES);
  } catch (error) {
    if (error instanceof NotApplicable) return [];
    throw error;
  }
}

const inDockerfile = ({ dockerfile }: TreeSubject): readonly DependencyFile[] =>
  dockerfile === undefined ? [] : [{ path: dockerfile.path, text: dockerfile.text }];

const linesIn = ({ path: file, text }: DependencyFile): Problem[] =>
  text
    .split('\n')
    .flatMap((content, index) =>
      RULES.filter(({ pattern }) => !/^\s*#/.test(content) && pattern.test(content)).map(
        ({ message }) => ({ ...{ file, line: index + 1, message } }),
      ),
    );
