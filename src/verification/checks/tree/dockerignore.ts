import { posix } from 'node:path';
import { printable } from '../../../lib/printable.js';
import { check, NotApplicable } from '../../check.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';
import type { TreeSubject } from '../../subjects.js';
import { inFolder } from '../../tree/tree-path.js';

/** What is in a source and does not belong into an image. */
const STRANGERS =
  /(?:^|\/)(?:\.env(?:\.[^/]+)?|\.git[^/]*|\.github|\.venv|node_modules|__pycache__|wallets|[^/]+\.(?:pem|key))$/;

const MAX_BYTES = 64 * 1024;

/** What is copied as a whole leaves something out. */
export const DOCKERIGNORE = check({
  id: 'tree/dockerignore',
  title: 'What does not belong into the image is kept out by .dockerignore',
  severity: 'low',
  mode: 'warn',
  about: 'tree',
  why: 'COPY of the whole folder takes settings, keys and caches along that somebody left there.',
  remedy: 'Name in .dockerignore what the image does not need, or copy only what it does',
  run(subject) {
    const { tree, dockerfile } = subject;
    if (dockerfile === undefined) throw new NotApplicable('There is no Dockerfile');
    const line = wholeCopy(dockerfile);
    if (line === undefined) throw new NotApplicable('The folder is not copied as a whole');
    const folder = folderOf(subject);
    const stranger = tree.entries.find(({ path }) => isIn(folder, path) && STRANGERS.test(path));
    if (stranger === undefined || hidesSomething(subject, folder)) return [];
    const message = `All of the folder is copied, "${printable(stranger.path)}" too`;
    return [{ file: dockerfile.path, line, message }];
  },
});

const folderOf = ({ manifest }: TreeSubject): string =>
  posix.normalize(manifest.spec.source?.path ?? '.').replace(/\/$/, '');

const isIn = (folder: string, path: string): boolean =>
  folder === '.' || path.startsWith(`${folder}/`);

/** The line that copies all there is from outside of the build; undefined when none does. */
const wholeCopy = ({ instructions }: Dockerfile): number | undefined =>
  instructions.find(
    ({ keyword, words, flags }) =>
      (keyword === 'COPY' || keyword === 'ADD') &&
      !flags.some(({ name }) => name === 'from') &&
      words.slice(0, -1).some(({ text }) => /^(?:\.\/?|\/|\*|\.\/\*)$/.test(text)),
  )?.line;

/** Only the file in the folder counts: the engine's own builder knows no other. */
function hidesSomething({ tree }: TreeSubject, folder: string): boolean {
  const file = inFolder(folder, '.dockerignore');
  if (tree.at(file)?.type !== 'file') return false;
  const lines = tree.read(file, MAX_BYTES).toString('utf8').split('\n');
  return lines.some((line) => /^\s*[^#!\s]/.test(line));
}
