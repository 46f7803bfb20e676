import { RegistrarError } from '../model/errors.js';
import { askGit } from './git.js';
import type { GitSetting } from './git.js';

/** The first that connects to the address it is told to (`http.curloptResolve`). */
const OLDEST = [2, 37] as const;
const VERSION_MS = 10_000;

/**
 * Makes sure that git is new enough: an older one ignores settings that it does not know, and with
 * them what keeps it safe. SOURCE_UNAVAILABLE when it is not, or is missing.
 */
export async function checkGitVersion(git: GitSetting): Promise<void> {
  const signal = new AbortController().signal;
  const answer = await askGit(git, { args: ['version'], timeoutMs: VERSION_MS, signal });
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(answer.toString()) ?? []).map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  const message = `Cannot use git ${major}.${minor}: install git ${OLDEST.join('.')} or newer`;
  throw new RegistrarError('SOURCE_UNAVAILABLE', message);
}
