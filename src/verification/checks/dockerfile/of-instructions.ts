import type { Command } from '../../dockerfile/shell/command.js';
import type { Dockerfile, Instruction, Stage } from '../../dockerfile/dockerfile.js';

/** The instructions of those keywords, those that an ONBUILD holds included. */
export function instructionsOf(
  { instructions }: Dockerfile,
  ...keywords: readonly string[]
): Instruction[] {
  return instructions.filter(({ keyword }) => keywords.includes(keyword));
}

/** A command, and the instruction that runs it. */
export interface Run {
  readonly instruction: Instruction;
  readonly command: Command;
}

/** All commands that are run while the image is built. */
export const buildCommands = (dockerfile: Dockerfile): Run[] =>
  commandsOf(instructionsOf(dockerfile, 'RUN'));

/** All commands, those that the image runs later included. */
export const allCommands = ({ instructions }: Dockerfile): Run[] => commandsOf(instructions);

const commandsOf = (instructions: readonly Instruction[]): Run[] =>
  instructions.flatMap((instruction) =>
    instruction.commands.map((command) => ({ instruction, command })),
  );

/** The stages that one is made from, from the first to itself. */
function lineage({ stages }: Dockerfile, last: Stage): Stage[] {
  const found: Stage[] = [];
  for (let at: Stage | undefined = last; at !== undefined;) {
    found.unshift(at);
    at = at.base.stage === undefined ? undefined : stages[at.base.stage];
  }
  return found;
}

/** The value of a flag, undefined when it is not there. */
export const flagOf = ({ flags }: Instruction, name: string): string | undefined =>
  flags.find((flag) => flag.name === name)?.value;

/**
 * Tells of each instruction whether one for which `sets` holds comes before it, in its stage or in
 * one that the stage is made from.
 */
export function comesAfter(
  { instructions, stages }: Dockerfile,
  sets: (instruction: Instruction) => boolean,
): (instruction: Instruction) => boolean {
  const holds = new Set<number>();
  const after = new Set<Instruction>();
  for (const instruction of instructions) {
    const { stage = -1, keyword, isTrigger } = instruction;
    const base = keyword === 'FROM' ? stages[stage]?.base.stage : undefined;
    if (base !== undefined && holds.has(base)) holds.add(stage);
    if (holds.has(stage)) after.add(instruction);
    if (!isTrigger && sets(instruction)) holds.add(stage);
  }
  return (instruction) => after.has(instruction);
}

/** Instructions that the last stage is made by: what others leave behind goes nowhere. */
export function inLastImage(dockerfile: Dockerfile): Instruction[] {
  const last = dockerfile.stages.at(-1);
  if (last === undefined) return [];
  const made = new Set(lineage(dockerfile, last).map(({ index }) => index));
  return dockerfile.instructions.filter(
    ({ stage = -1, isTrigger }) => made.has(stage) && !isTrigger,
  );
}

/** Whether a folder is a cache or in memory while an instruction runs. */
export const hasMount = ({ flags }: Instruction, folder: string): boolean =>
  flags.some(
    ({ name, value }) =>
      name === 'mount' && /type=(?:cache|tmpfs)/.test(value) && value.includes(folder),
  );
