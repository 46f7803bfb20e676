import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { lineAt, lookAtText, TextParameters } from '../../../tree/text-files.js';
import type { TextFile } from '../../../tree/text-files.js';
import { knownTokens } from './known-tokens.js';

/** No credentials of services. */
export const TOKENS = check({
  id: 'tree/tokens',
  title: 'No file has a credential of a service in it',
  severity: 'critical',
  mode: 'enforce',
  about: 'tree',
  why: 'Whoever can read the source or the image can use it, and it stays in the history of git.',
  remedy: 'Revoke the credential, take it out of the source, and give it to the module as a Secret',
  parameters: TextParameters,
  run: ({ tree }, parameters) => lookAtText(tree, parameters, problemsIn),
});

/** One problem a line and service. */
async function problemsIn({ path: file, text }: TextFile): Promise<Problem[]> {
  const problems = new Map<string, Problem>();
  for (const { of, index } of await knownTokens(text)) {
    const line = lineAt(text, index);
    const message = `It has what looks like a credential of ${of} in it`;
    problems.set(`${line} ${of}`, { file, line, message });
  }
  return [...problems.values()].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
