import type { Instruction } from '../../dockerfile/dockerfile.js';
import type { Command } from '../../dockerfile/shell/command.js';
import { isShell } from '../../dockerfile/shell/commands-in.js';
import { baseName } from '../../dockerfile/shell/wrappers.js';
import { flagValue, operands } from './command-flags.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';
import { INTERPRETERS, isDownload } from './remote-scripts.js';

/** Programs that tell whether a file is what it should be. */
const VERIFIES =
  /^(?:(?:sha\d+|b2|b3)sum|shasum|gpgv?2?|cosign|minisign|signify|openssl|rpmkeys|slsa-verifier)$/;

/** Name of the file that a download is written to. */
function writtenBy(command: Command): string | undefined {
  const { program, args, redirects } = command;
  const flags = program === 'wget' ? ['-O', '--output-document'] : ['-o', '--output'];
  const letters = args.findIndex((arg) => /^-[a-zA-Z]+[oO]$/.test(arg));
  const named =
    flagValue(command, ...flags) ??
    (letters >= 0 && args[letters]?.endsWith(flags[0]?.[1] ?? '')
      ? args[letters + 1]
      : undefined) ??
    redirects[0]?.target.text;
  if (named !== undefined && named !== '-') return baseName(named);
  const isKept =
    program === 'wget' || args.some((arg) => /^-[a-zA-Z]*O$|^--remote-name$/.test(arg));
  const address = args.find((arg) => /^https?:/.test(arg));
  return isKept && address !== undefined ? baseName(address) : undefined;
}

/** Names of files that a command runs. */
function runBy(command: Command): string[] {
  const first = command.words[0]?.text ?? '';
  const isRunner = isShell(command) || INTERPRETERS.test(command.program);
  const script = isRunner ? operands(command)[0] : undefined;
  return [...(first.includes('/') ? [first] : []), ...(script === undefined ? [] : [script])]
    .map(baseName)
    .filter((name) => name !== '');
}

/** Lines of downloads that are run in the same instruction, and nothing was verified between. */
function* unverified({ commands }: Instruction): Generator<number> {
  const written = new Map<string, number>();
  for (const command of commands) {
    if (VERIFIES.test(command.program)) written.clear();
    for (const name of runBy(command)) {
      const line = written.get(name);
      if (line !== undefined) yield line;
    }
    const file = isDownload(command) ? writtenBy(command) : undefined;
    if (file !== undefined) written.set(file, command.line);
  }
}

/** What is downloaded is verified. */
export const DOWNLOADED_PROGRAM = dockerfileCheck({
  id: 'dockerfile/downloaded-program',
  title: 'What is downloaded is verified before it is run',
  severity: 'high',
  mode: 'warn',
  why: 'A file that was exchanged on its server is run with all rights of the build.',
  remedy: 'Compare the checksum, as in "echo \'<sha256>  file\' | sha256sum -c", before it is run',
  *find(dockerfile) {
    for (const run of instructionsOf(dockerfile, 'RUN'))
      for (const line of new Set(unverified(run)))
        yield { line, message: 'What is downloaded is run without a checksum or signature' };
  },
});
