import { printable } from '../../../lib/printable.js';
import type { Command, ShellWord } from '../../dockerfile/shell/command.js';
import { commandCheck } from './command-check.js';
import { flagValue } from './command-flags.js';
import { isLiteral, isSecretName } from './secret-words.js';

/** A name and a value of a command: `NAME=value`, `--name=value`, `--name value`. */
interface Given {
  readonly name: string;
  readonly value: string;
}

/** Longest part of a word that patterns look at. */
const MAX_LOOKED_AT = 2000;

function* givenIn({ assignments, args }: Command): Generator<Given> {
  for (const text of [...assignments.map((word: ShellWord) => word.text), ...args]) {
    const equals = text.indexOf('=');
    if (equals > 0)
      yield { name: text.slice(0, equals).replace(/^-{1,2}/, ''), value: text.slice(equals + 1) };
  }
  for (const [at, text] of args.entries())
    if (text.startsWith('--')) yield { name: text.slice(2), value: args[at + 1] ?? '' };
}

function namedSecret(command: Command): string | undefined {
  for (const { name, value } of givenIn(command)) {
    const isFlag = value.startsWith('-');
    if (!isFlag && isSecretName(name) && isLiteral(value))
      return `The value of "${printable(name)}" is written here`;
  }
  return undefined;
}

const HEADER = /^(?:proxy-)?authorization:\s*\S|^x-[\w-]{0,40}(?:key|token):\s*\S/i;

/** `curl -u name:password`, `curl -H 'Authorization: …'`. */
function loginOfDownload(command: Command): string | undefined {
  const { program, args } = command;
  if (program !== 'curl' && program !== 'wget') return undefined;
  const user = flagValue(command, '-u', '--user', '-U', '--proxy-user');
  if (user !== undefined && isLiteral(user) && /^[^:]*:./.test(user))
    return 'A login is written here';
  const headers = args.map((arg) => arg.replace(/^(?:--header=|-H)/, '').slice(0, MAX_LOOKED_AT));
  const isLogin = headers.some((header) => HEADER.test(header) && !header.includes('$'));
  return isLogin ? 'A header with a login is written here' : undefined;
}

/** An address with a password in it, or with a token in place of the user. */
const LOGIN_IN_ADDRESS =
  /^[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/@:$]{0,200}:[^\s/@$]{1,400}|[^\s/@:$]{20,400})@/i;

const addressWithLogin = ({ args }: Command): string | undefined =>
  args.some((arg) => LOGIN_IN_ADDRESS.test(arg.slice(0, MAX_LOOKED_AT).replace(/^git\+/, '')))
    ? 'An address with a login is written here'
    : undefined;

/** `echo 'user:password' | chpasswd`, `echo password | passwd --stdin`, `sshpass -p password`. */
function passwordOfUser(command: Command): string | undefined {
  const { program, inputs } = command;
  if (program === 'sshpass' && isLiteral(flagValue(command, '-p') ?? ''))
    return 'A password is written here';
  const isPassed = program === 'chpasswd' || (program === 'passwd' && command.args.length > 0);
  const written = inputs.filter((input) => /^(?:echo|printf)$/.test(input.program));
  if (!isPassed) return undefined;
  return written.some(({ args }) => args.some((arg) => !arg.startsWith('-') && isLiteral(arg)))
    ? 'The password of a user is written here'
    : undefined;
}

const NPM_LOGIN = /_(?:authToken|auth|password)\s?=\s?[^\s$'"]{6,}/;

const loginOfRegistry = ({ args }: Command): string | undefined =>
  args.some((arg) => NPM_LOGIN.test(arg.slice(0, MAX_LOOKED_AT)))
    ? 'A login to a registry is written here'
    : undefined;

/** Secrets in what is run. */
export const SECRET_IN_RUN = commandCheck({
  id: 'dockerfile/secret-in-run',
  title: 'No secret is written into a command',
  severity: 'critical',
  mode: 'enforce',
  atRunTime: true,
  why: 'Commands stand in the source and in the history of the image, where everybody who has it can read them.',
  remedy:
    'Take the value out, replace it by a new one, and give it as a Secret when the module runs',
  wrong: (command) =>
    namedSecret(command) ??
    loginOfDownload(command) ??
    addressWithLogin(command) ??
    passwordOfUser(command) ??
    loginOfRegistry(command),
});
