import { printable } from '../../../lib/printable.js';
import { dockerfileCheck } from './dockerfile-check.js';

/** Flags that BuildKit alone understands. */
const FLAGS: Readonly<Record<string, ReadonlySet<string>>> = {
  RUN: new Set(['mount', 'network', 'security', 'device']),
  COPY: new Set(['chmod', 'link', 'parents', 'exclude']),
  ADD: new Set(['chmod', 'checksum', 'link', 'keep-git-dir', 'unpack', 'exclude']),
};

const BUILDER_FLAGS = dockerfileCheck({
  id: 'dockerfile/builder-flags',
  title: 'Only flags of the builder of the engine are used',
  severity: 'medium',
  mode: 'enforce',
  why: 'Modules are built by the builder of the engine itself, which refuses the flags of BuildKit when it comes to them.',
  remedy: 'Do without the flag, such as with a RUN chmod after the COPY',
  *find({ instructions }) {
    for (const { keyword, flags } of instructions)
      for (const { name, line } of flags)
        if (FLAGS[keyword]?.has(name) === true)
          yield { line, message: `${keyword} --${printable(name)} is for BuildKit` };
  },
});

const HEREDOC = dockerfileCheck({
  id: 'dockerfile/heredoc',
  title: 'No heredoc is used',
  severity: 'medium',
  mode: 'enforce',
  why: 'The builder of the engine itself knows no heredocs before Docker 23, and takes their lines for instructions: what was checked would not be what is built.',
  remedy: 'Put the script into a file and COPY it, or join its lines with "&& \\"',
  *find({ instructions }) {
    for (const { heredocs, line, isTrigger } of instructions)
      if (heredocs.length > 0 && !isTrigger)
        yield { line, message: 'A heredoc, which not every builder reads as one' };
  },
});

/** What the builder of the engine understands. */
export const BUILDER_CHECKS = [BUILDER_FLAGS, HEREDOC];
