import type { CheckOf } from '../../check.js';
import type { Check } from '../../check.js';
import type { Dockerfile } from '../../dockerfile/dockerfile.js';
import type { Command } from '../../dockerfile/shell/command.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { allCommands, buildCommands } from './of-instructions.js';
import type { Run } from './of-instructions.js';

type Definition = Omit<CheckOf<'tree'>, 'about' | 'run' | 'parameters'> & {
  /** Whether what the image runs later counts too, beside what is run to build it. */
  readonly atRunTime?: boolean;
  /** What is wrong with a command, in a sentence; undefined when nothing is. */
  wrong(this: void, command: Command, run: Run, dockerfile: Dockerfile): string | undefined;
};

/** Writes down a check that looks at each command by itself. */
export function commandCheck({ atRunTime = false, wrong, ...definition }: Definition): Check {
  return dockerfileCheck({
    ...definition,
    *find(dockerfile) {
      for (const run of atRunTime ? allCommands(dockerfile) : buildCommands(dockerfile)) {
        const message = wrong(run.command, run, dockerfile);
        if (message !== undefined) yield { line: run.command.line, message };
      }
    },
  });
}
