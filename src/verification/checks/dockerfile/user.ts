import { printable } from '../../../lib/printable.js';
import type { Dockerfile, Instruction } from '../../dockerfile/dockerfile.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { inLastImage } from './of-instructions.js';

/** The USER that holds at the end of the last stage. */
const lastUser = (dockerfile: Dockerfile): Instruction | undefined =>
  inLastImage(dockerfile).findLast(({ keyword }) => keyword === 'USER');

const isRoot = (user: string): boolean => /^(?:root|0+)(?::|$)/.test(user);

const USER_ROOT = dockerfileCheck({
  id: 'dockerfile/user-root',
  title: 'The last user is not root',
  severity: 'high',
  mode: 'enforce',
  reference: 'DL3002',
  why: 'A process that runs as root needs one mistake less to leave its container.',
  remedy: 'End the last stage with a USER that is not root',
  *find(dockerfile) {
    const user = lastUser(dockerfile);
    if (user !== undefined && isRoot(user.words[0]?.text ?? ''))
      yield { line: user.line, message: 'The image runs as root' };
  },
});

const USER_SET = dockerfileCheck({
  id: 'dockerfile/user-set',
  title: 'The last stage sets a user',
  severity: 'medium',
  mode: 'warn',
  why: 'Without USER the image runs as its base image does, which is root for most of them.',
  remedy: 'Make a user and end the last stage with USER',
  *find(dockerfile) {
    const last = dockerfile.stages.at(-1);
    if (last !== undefined && lastUser(dockerfile) === undefined)
      yield { line: last.line, message: 'No USER says whom the image runs as' };
  },
});

const USER_NAME = /^[\w.${}:+-]+$/;

const USER_VALID = dockerfileCheck({
  id: 'dockerfile/user-valid',
  title: 'USER names a user',
  severity: 'low',
  mode: 'warn',
  why: 'A name that is none ends the container when it starts, not when it is built.',
  remedy: 'Write USER with one name or number, and a group after a colon',
  *find({ instructions }) {
    for (const { keyword, line, words } of instructions) {
      const [user, more] = words;
      if (keyword !== 'USER' || (more === undefined && USER_NAME.test(user?.text ?? ''))) continue;
      yield { line, message: `"${printable(user?.text ?? '')}" is not the name of a user` };
    }
  },
});

/** Whom the image runs as. */
export const USER_CHECKS = [USER_ROOT, USER_SET, USER_VALID];
