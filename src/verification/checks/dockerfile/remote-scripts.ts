import type { Command } from '../../dockerfile/shell/command.js';
import { isShell } from '../../dockerfile/shell/commands-in.js';
import { commandCheck } from './command-check.js';
import { operands } from './command-flags.js';

const DOWNLOADS: ReadonlySet<string> = new Set(['curl', 'wget', 'fetch', 'aria2c', 'http']);
/** Programs that run a file, or what they are given. */
export const INTERPRETERS = /^(?:python[\d.]*|node|perl|ruby|php|deno|bun)$/;

/** Commands of a pipe that are looked back on. */
const MAX_LOOKED_AT = 64;

/** Whether a command fetches something. */
export const isDownload = ({ program }: Command): boolean => DOWNLOADS.has(program);

/** Whether what a command is given on its standard input is run as a program. */
function runsInput(command: Command): boolean {
  const { program, args } = command;
  const first = operands(command)[0];
  const isInput = first === undefined || first === '-' || first === '/dev/stdin';
  if (isShell(command)) return !args.includes('-c') && (isInput || args.includes('-s'));
  // Their other flags are followed by a program, or by one in a module.
  return INTERPRETERS.test(program) && isInput && !args.some((arg) => /^-\w*[cempnr]/.test(arg));
}

function isFedByDownload(command: Command): boolean {
  const open = [...command.inputs];
  for (let looks = 0; open.length > 0 && looks < MAX_LOOKED_AT; looks += 1) {
    const input = open.pop();
    if (input !== undefined && isDownload(input)) return true;
    open.push(...(input?.inputs ?? []));
  }
  return false;
}

const RUNS_WORDS: ReadonlySet<string> = new Set(['eval', 'source', '.', '$()']);

/** `sh -c "$(curl …)"`, `bash <(curl …)`, `eval "$(curl …)"`, `$(curl …)`. */
function runsDownloadedWord(command: Command): boolean {
  const { program, words, redirects } = command;
  if (!isShell(command) && !RUNS_WORDS.has(program) && !INTERPRETERS.test(program)) return false;
  const parts = [...words, ...redirects.map(({ target }) => target)];
  return parts.some(({ nested }) => nested.some(isDownload));
}

const REMOTE_SCRIPT = commandCheck({
  id: 'dockerfile/remote-script',
  title: 'Nothing is run straight from the network',
  severity: 'critical',
  mode: 'enforce',
  atRunTime: true,
  why: 'What a server sends today is run without a look: it may send something else tomorrow, or to this machine only.',
  remedy: 'Download to a file, compare its checksum, and run it then',
  wrong: (command) =>
    (runsInput(command) && isFedByDownload(command)) || runsDownloadedWord(command)
      ? 'What is downloaded is run at once'
      : undefined,
});

const PLAIN_HTTP = commandCheck({
  id: 'dockerfile/plain-http',
  title: 'Downloads are encrypted',
  severity: 'medium',
  mode: 'warn',
  why: 'Whoever is between the build and the server can exchange what is sent over plain HTTP.',
  remedy: 'Use https',
  wrong(command) {
    const isGit = command.program === 'git' && operands(command)[0] === 'clone';
    const isLocal = (address: string): boolean =>
      /^http:\/\/(?:localhost|127\.|\[::1\])/.test(address);
    const plain = command.args.some((arg) => /^(?:http|ftp|git):\/\//.test(arg) && !isLocal(arg));
    return (isDownload(command) || isGit) && plain ? 'The download is not encrypted' : undefined;
  },
});

/** What is taken from the network, and what becomes of it. */
export const REMOTE_SCRIPT_CHECKS = [REMOTE_SCRIPT, PLAIN_HTTP];
