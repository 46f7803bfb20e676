import { withoutEnd } from './blank.js';
import { directivesOf, escapeOf } from './directives.js';
import type { Escape } from './directives.js';
import type { Dockerfile, Instruction } from './dockerfile.js';
import { LogicalLines } from './logical-lines.js';
import type { LogicalLine } from './logical-lines.js';
import { parseInstruction } from './parse-instruction.js';
import { StageReader } from './stage-reader.js';

/** Longest Dockerfile that is read, in bytes; one of a thousand instructions has some 100 KiB. */
export const MAX_DOCKERFILE = 256 * 1024;
/** Most instructions that are read; the engine takes no image of more than 127 layers. */
const MAX_INSTRUCTIONS = 2000;

const BYTE_ORDER_MARK = /^\ufeff/;

/** A Dockerfile; one that is too long is unreadable, and nothing else is an error. */
export function parseDockerfile(path: string, text: string): Dockerfile {
  if (text.length > MAX_DOCKERFILE) return tooLong(path);
  const lines = linesOf(text);
  const directives = directivesOf(lines);
  const escape = escapeOf(directives);
  return { path, text, directives, escape, ...readInstructions(lines, escape) };
}

/** A Dockerfile that nothing is known of, since it is too long. */
export const tooLong = (path: string): Dockerfile => ({
  ...{ path, text: '', directives: [], escape: '\\' },
  ...nothing(`It is longer than ${MAX_DOCKERFILE / 1024} KiB`),
});

const linesOf = (text: string): string[] =>
  text
    .replace(BYTE_ORDER_MARK, '')
    .split('\n')
    .map((line) => withoutEnd(line, '\r'));

type Read = Pick<Dockerfile, 'unreadable' | 'stages' | 'instructions'>;

const nothing = (unreadable: string): Read => ({ unreadable, stages: [], instructions: [] });

function readInstructions(lines: readonly string[], escape: Escape): Read {
  const instructions: Instruction[] = [];
  const stages = new StageReader();
  for (const line of new LogicalLines(lines, escape)) {
    if (instructions.length >= MAX_INSTRUCTIONS)
      return nothing(`It has more than ${MAX_INSTRUCTIONS} instructions`);
    for (const instruction of withTrigger(line, stages, escape)) instructions.push(instruction);
  }
  return { unreadable: undefined, stages: stages.stages, instructions };
}

/** The instruction of a line, and after an ONBUILD the one that it holds. */
function withTrigger(
  { source, heredocs }: LogicalLine,
  stages: StageReader,
  escape: Escape,
): Instruction[] {
  const place = { heredocs, escape, isTrigger: false };
  const read = parseInstruction({ ...place, source, stage: stages.current });
  const stage = stages.read(read);
  const instruction = { ...read, stage };
  if (instruction.keyword !== 'ONBUILD') return [instruction];
  const held = parseInstruction({ ...place, source: instruction.source, stage, isTrigger: true });
  return [instruction, held];
}
