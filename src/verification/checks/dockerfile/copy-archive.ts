import type { Dockerfile, Instruction } from '../../dockerfile/dockerfile.js';
import type { Command } from '../../dockerfile/shell/command.js';
import { baseName } from '../../dockerfile/shell/wrappers.js';
import { isArchive, sourcesOf } from './add.js';
import { targetOf } from './copy.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { flagOf } from './of-instructions.js';

const UNPACKS = /^(?:bsdtar|unzip|gunzip|bunzip2|unxz|unlzma|uncompress|zcat|gzcat)$/;

const isExtract = (arg: string, at: number): boolean =>
  /^--(?:extract|get)$|^-[a-zA-Z]*x/.test(arg) || (at === 0 && /^[a-z]*x/.test(arg));

const unpacks = ({ program, args }: Command): boolean =>
  program === 'tar' ? args.some(isExtract) : UNPACKS.test(program);

function archivesOf(copy: Instruction): string[] {
  if (copy.keyword !== 'COPY' || flagOf(copy, 'from') !== undefined) return [];
  return [...sourcesOf(copy), targetOf(copy)].filter(isArchive).map(baseName);
}

/** Lines of COPY whose archive a later RUN of the same stage unpacks. */
function* unpackedLater({ instructions }: Dockerfile): Generator<number> {
  const copied = new Map<string, number>();
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') copied.clear();
    for (const name of archivesOf(instruction)) copied.set(name, instruction.line);
    for (const { args } of instruction.commands.filter(unpacks)) {
      const name = args.map(baseName).find((arg) => copied.has(arg));
      const line = name === undefined ? undefined : copied.get(name);
      if (name === undefined || line === undefined) continue;
      copied.delete(name);
      yield line;
    }
  }
}

/** Archives are not copied only to be unpacked. */
export const COPY_ARCHIVE = dockerfileCheck({
  id: 'dockerfile/copy-archive',
  title: 'Archives are unpacked with ADD',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3010',
  why: 'The archive stays in the image beside what was unpacked of it.',
  remedy: 'Use ADD, which unpacks an archive and leaves it out',
  *find(dockerfile) {
    const lines = new Set(unpackedLater(dockerfile));
    for (const line of lines) yield { line, message: 'The archive is unpacked in a later RUN' };
  },
});
