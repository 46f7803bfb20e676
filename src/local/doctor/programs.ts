import { LOW_SPEED } from '../../source/git-environment.js';
import { checkGitVersion } from '../../source/git-version.js';
import { isInstalled } from '../../source/is-installed.js';
import { isRegistrarError } from '../../model/errors.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { ok, problem, warning } from './check.js';
import type { DoctorCheck, Finding } from './check.js';

/** As in package.json. */
const OLDEST_NODE = [20, 19] as const;
const GIT_MEMORY = 1024 ** 3;

/** Whether this runs on a Node.js that is known to work. */
export const NODE: DoctorCheck = { id: 'node', look: () => judgeNode(process.versions.node) };

/** Whether sources can be fetched. */
export const GIT: DoctorCheck = {
  id: 'git',
  async look() {
    try {
      await withTemporaryFolder((home) =>
        checkGitVersion({ home, lowSpeed: LOW_SPEED, maxMemory: GIT_MEMORY }),
      );
      return ok('it is there, and new enough');
    } catch (error) {
      if (isRegistrarError(error)) return warning(error.message, 'modules with a source need it');
      throw error;
    }
  },
};

/** Those that check the signatures of commits, and who has them. */
const VERIFIERS = { gpg: 'gnupg', 'ssh-keygen': 'openssh-client' } as const;

/** Whether the signatures of commits can be checked. */
export const SIGNATURES: DoctorCheck = {
  id: 'signatures',
  async look() {
    const path = process.env['PATH'] ?? '';
    const programs = Object.keys(VERIFIERS);
    const there = await Promise.all(programs.map((program) => isInstalled(program, path)));
    const missing = Object.entries(VERIFIERS).filter((_, index) => there[index] !== true);
    if (missing.length === 0) return ok('gpg and ssh-keygen are there');
    const names = missing.map(([program]) => program).join(' and ');
    const packages = missing.map(([, name]) => name).join(' and ');
    return warning(
      `${names} cannot be run from here`,
      `install ${packages}: a policy that asks for signed commits checks them with it`,
    );
  },
};

/** A version such as `20.19.1`. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return ok(`Node.js ${version}`);
  return problem(`Node.js ${version} is too old`, `install ${OLDEST_NODE.join('.')} or newer`);
}
