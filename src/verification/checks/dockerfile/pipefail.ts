import type { Dockerfile, Instruction } from '../../dockerfile/dockerfile.js';
import { commandsOfWords } from '../../dockerfile/shell/commands-in.js';
import { dockerfileCheck } from './dockerfile-check.js';

/** Shells that are no POSIX shell, and have no such option. */
const OTHER_SHELL = /^(?:pwsh|powershell|cmd)(?:\.exe)?$/i;

function stopsPipes({ json, line }: Instruction): boolean {
  const [shell] = commandsOfWords(json ?? [], line);
  if (shell === undefined) return false;
  const { program, args } = shell;
  return OTHER_SHELL.test(program) || (PIPEFAIL_SHELL.test(program) && hasPipefail(args));
}

/** Shells that have the option. */
const PIPEFAIL_SHELL = /^(?:bash|zsh|ash|ksh)$/;

const hasPipefail = (args: readonly string[]): boolean =>
  args.some((arg, at) => arg === 'pipefail' && /^-[a-z]*o$/.test(args[at - 1] ?? ''));

/** RUN instructions for which SHELL does not say that a pipe fails with any of its commands. */
function* withoutPipefail({ instructions }: Dockerfile): Generator<Instruction> {
  let stops = false;
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stops = false;
    if (instruction.keyword === 'SHELL') stops = stopsPipes(instruction);
    if (instruction.keyword === 'RUN' && !stops) yield instruction;
  }
}

/** No command of a pipe fails unnoticed. */
export const RUN_PIPEFAIL = dockerfileCheck({
  id: 'dockerfile/run-pipefail',
  title: 'A pipe fails when any of its commands does',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL4006',
  why: 'A shell looks at the last command of a pipe only, so a failed download before it goes unnoticed.',
  remedy: 'Set SHELL ["/bin/bash", "-o", "pipefail", "-c"] before, or begin with "set -o pipefail"',
  *find(dockerfile) {
    for (const { commands } of withoutPipefail(dockerfile)) {
      const piped = commands.find(({ inputs }) => inputs.length > 0);
      const isSet = commands.some(({ program, args }) => program === 'set' && hasPipefail(args));
      if (piped === undefined || isSet) continue;
      yield { line: piped.line, message: 'A pipe without the option pipefail' };
    }
  },
});
