import Type from 'typebox';
import { check } from '../../check.js';

const MIB = 1024 * 1024;

/** Files have a size that sources have. */
export const LARGE_FILES = check({
  id: 'tree/large-files',
  title: 'No file is larger than sources are',
  severity: 'low',
  mode: 'warn',
  about: 'tree',
  why: 'Large files slow every build down, and are mostly data or builds that nobody reviewed.',
  remedy: 'Get the file at build time, checked by its hash, or raise maxBytes in the policy',
  parameters: Type.Object({
    maxBytes: Type.Integer({ default: 10 * MIB, minimum: 1, description: 'Of one file' }),
  }),
  run({ tree }, { maxBytes }) {
    return tree.entries
      .filter(({ size }) => size > maxBytes)
      .map(({ path, size }) => ({
        file: path,
        message: `The file has ${(size / MIB).toFixed(1)} MiB, more than ${(maxBytes / MIB).toFixed(1)} MiB`,
      }));
  },
});
