import { printable } from '../../../../lib/printable.js';
import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { baseOf } from '../../../tree/tree-path.js';
import { dependencyFiles } from './dependency-files.js';
import type { DependencyFile } from './dependency-files.js';
import { lineOfName, readPackageJson } from './package-json.js';
import { REQUIREMENTS, requirementsIn } from './requirements.js';

const NAMES = /(?:^|\/)(?:package\.json|pyproject\.toml|Cargo\.toml)$/;
const ALL = new RegExp(`${NAMES.source}|${REQUIREMENTS.source}`, 'i');

/** An address in place of a version, as npm takes it; `owner/name` is one of GitHub. */
const NPM_REMOTE =
  /^(?:git[+:@]|git\+|https?:|ssh:|github:|gitlab:|bitbucket:|gist:|[\w-]+\/[\w.-]+(?:#|$))/i;
const PIP_REMOTE = /(?:^|\s|@)(?:git|hg|svn|bzr)\+|(?:^|\s)https?:\/\/|@\s*https?:\/\//i;
/** `package = { git = "…" }`, and what is in the same table of it. */
const TOML_REMOTE = /\b(?:git|url)\s*=\s*["'](?:git\+)?(?:https?|ssh|git):/;

/** A full commit or a hash, after which the address cannot stand for something else. */
const PINNED = /(?:@|#|rev\s*=\s*["'])[0-9a-f]{40}\b|sha(?:256|384|512)[=-]|--hash[= ]/;

/** Packages come from registries, or by an address that says what is to be there. */
export const REMOTE_DEPENDENCIES = check({
  id: 'tree/remote-dependencies',
  title: 'Dependencies by address are pinned to a commit or a hash',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'What is behind a branch or an address changes without a new version, at any time.',
  remedy: 'Take the package from its registry, or write the full commit or the hash',
  run(subject) {
    return dependencyFiles(subject, ALL).flatMap((file) =>
      remotesIn(file)
        .filter(({ text }) => !PINNED.test(text) || /\bhttp:\/\//i.test(text))
        .map(({ text, line }): Problem => {
          const message = `"${withoutLogin(text)}" can become something else`;
          return { file: file.path, ...(line !== undefined && { line }), message };
        }),
    );
  },
});

/** A login in an address is not shown. */
const withoutLogin = (text: string): string =>
  printable(text.replaceAll(/\/\/[^/@\s]{1,400}@/g, '//***@'), 100);

interface Remote {
  readonly text: string;
  readonly line: number | undefined;
}

function remotesIn(file: DependencyFile): Remote[] {
  const name = baseOf(file.path);
  if (name === 'package.json') return npmRemotes(file);
  if (name.endsWith('.toml')) return tomlRemotes(file);
  return requirementsIn(file.text).filter(
    ({ text }) => !/^--?(?:i|index|extra-index|find-links|f)\b/.test(text) && PIP_REMOTE.test(text),
  );
}

const npmRemotes = (file: DependencyFile): Remote[] =>
  Object.entries(readPackageJson(file).dependencies)
    .filter(([, version]) => NPM_REMOTE.test(version))
    .map(([name, version]) => ({
      ...{ text: `${name}: ${version}`, line: lineOfName(file.text, name) },
    }));

const tomlRemotes = ({ text }: DependencyFile): Remote[] =>
  text
    .split('\n')
    .map((content, index) => ({ text: content.trim(), line: index + 1 }))
    .filter((one) => TOML_REMOTE.test(one.text) && !/^(?:#|url\s*=)/.test(one.text));
