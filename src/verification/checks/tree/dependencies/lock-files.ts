import { check } from '../../../check.js';
import { baseOf } from '../../../tree/tree-path.js';
import type { TreeSubject } from '../../../subjects.js';
import { dependencyFiles, isBesideOrAbove } from './dependency-files.js';
import type { DependencyFile } from './dependency-files.js';
import { readPackageJson } from './package-json.js';

/** A file that names dependencies, and those that say which versions of all of them are used. */
interface Ecosystem {
  readonly locks: readonly string[];
  /** Whether it names any, and is for something that runs, not for a library. */
  readonly needsLock: (file: DependencyFile, subject: TreeSubject) => boolean;
}

const ECOSYSTEMS: Readonly<Record<string, Ecosystem>> = {
  'package.json': {
    locks: [
      ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'],
      ...['bun.lock', 'bun.lockb'],
    ],
    needsLock: (file) => Object.keys(readPackageJson(file).dependencies).length > 0,
  },
  'pyproject.toml': {
    locks: ['poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml', 'requirements.txt'],
    needsLock: ({ text }) =>
      /^dependencies\s*=\s*\[\s*["'#]/m.test(text) || /^\[tool\.poetry\.dependencies\]/m.test(text),
  },
  Pipfile: { locks: ['Pipfile.lock'], needsLock: () => true },
  'Cargo.toml': {
    locks: ['Cargo.lock'],
    needsLock: ({ path, text }, { tree }) =>
      /^\[\[bin\]\]/m.test(text) ||
      tree.at(path.replace(/Cargo\.toml$/, 'src/main.rs')) !== undefined,
  },
  'go.mod': { locks: ['go.sum'], needsLock: ({ text }) => /^require\b/m.test(text) },
  Gemfile: { locks: ['Gemfile.lock'], needsLock: ({ text }) => /^\s*gem\s/m.test(text) },
  'composer.json': {
    locks: ['composer.lock'],
    needsLock: ({ text }) => text.includes('"require"'),
  },
};

const NAMES =
  /(?:^|\/)(?:package\.json|pyproject\.toml|Pipfile|Cargo\.toml|go\.mod|Gemfile|composer\.json)$/;

/** Every dependency has one version. */
export const LOCK_FILES = check({
  id: 'tree/lock-files',
  title: 'Dependencies have a lock file',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'Without one the same commit builds another image tomorrow, with versions nobody has looked at.',
  remedy: 'Commit the lock file that the package manager writes',
  run(subject) {
    return dependencyFiles(subject, NAMES).flatMap((file) => {
      const { locks, needsLock } = ECOSYSTEMS[baseOf(file.path)] ?? { locks: [], needsLock: never };
      if (!needsLock(file, subject) || isBesideOrAbove(subject, file.path, locks)) return [];
      return [{ file: file.path, message: `There is no lock file, such as ${locks[0]}` }];
    });
  },
});

const never = (): boolean => false;
