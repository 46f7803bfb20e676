import type { Hook } from '@oclif/core';
import { nearest } from '../lib/nearest.js';
import { printable } from '../lib/printable.js';

/** What a command that does not exist ends in: kubectl's words and exit code. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const [word = '', argument = ''] = printable(id).split(':');
  // To oclif, what follows a command without arguments is part of its name.
  if (config.findCommand(word) !== undefined && argument !== '') {
    const command = `"${config.bin} ${word}"`;
    process.stderr.write(
      `error: unexpected argument "${argument}" for ${command}; see its --help\n`,
    );
    process.exit(1);
  }
  const known = config.commandIDs.flatMap((one) => one.split(':').slice(0, 1));
  const meant = nearest(word, known);
  const advice = meant === undefined ? `run "${config.bin} --help"` : `did you mean "${meant}"?`;
  process.stderr.write(`error: unknown command "${word}" for "${config.bin}"; ${advice}\n`);
  process.exit(1);
};

export default commandNotFound;
