import { printable } from '../../../../lib/printable.js';
import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { dependencyFiles } from './dependency-files.js';
import type { DependencyFile } from './dependency-files.js';

export const REQUIREMENTS =
  /(?:^|\/)(?:requirements[^/]{0,60}\.txt|requirements\/[^/]{1,60}\.txt|[^/]{1,60}-requirements\.txt)$/i;

/** One line of a requirements file, with those that continue it, without its comment. */
export interface Requirement {
  readonly text: string;
  readonly line: number;
}

/** The lines of a requirements file that ask for a package, or set an option. */
export function requirementsIn(text: string): Requirement[] {
  const found: Requirement[] = [];
  let [open, line] = ['', 0];
  for (const [index, content] of text.split('\n').entries()) {
    if (open === '') line = index + 1;
    const plain = content.replace(/(?:^|\s)#.*$/, '').trim();
    open = `${open} ${plain.replace(/\\$/, '')}`.trim();
    if (plain.endsWith('\\')) continue;
    if (open !== '') found.push({ text: open, line });
    open = '';
  }
  return found;
}

/** `==1.2.3`, or an address that says what it must be: a full commit, or a hash. */
const isPinned = (text: string): boolean =>
  /={2,3}\s*[^\s*;,]+(?:$|[\s;])/.test(text) ||
  /@[0-9a-f]{40}(?:$|[\s#;])/.test(text) ||
  /#sha(?:256|384|512)=[0-9a-f]{64,}|--hash[= ]/.test(text);

/** Requirements of Python name one version. */
export const PINNED_REQUIREMENTS = check({
  id: 'tree/pinned-requirements',
  title: 'Requirements name one version',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'Without == pip takes whatever version is the newest when the image is built.',
  remedy: 'Write name==version, best with --hash; pip-compile and uv export write all of them',
  run(subject) {
    return dependencyFiles(subject, REQUIREMENTS).flatMap(unpinnedIn);
  },
});

const unpinnedIn = ({ path: file, text }: DependencyFile): Problem[] =>
  requirementsIn(text)
    .filter((one) => !/^(?:-|\.{1,2}\/|\.$)/.test(one.text) && !isPinned(one.text))
    .map((one) => {
      const message = `"${printable(one.text, 80)}" is not pinned to a version`;
      return { file, line: one.line, message };
    });
