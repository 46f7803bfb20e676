import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { RegistrarError } from '../model/errors.js';
import { ServerCommand } from './base-command.js';
import { fullName } from './names.js';
import { print } from './terminal.js';
import { parseExactVersion, sayOfVersion } from './versions.js';
import type { Saying } from './versions.js';

/** Given in each command: the framework does not look at what a class inherits. */
export const noticeArgs = {
  version: stringArg({
    description: 'NAME@VERSION',
    required: true,
    ignoreStdin: true,
  }),
};
export const noticeFlags = {
  reason: string({ helpValue: '<text>', summary: 'Why, for those who use it' }),
  undo: boolean({ summary: 'Take back what was said' }),
};

/** A command that says something of a version, or takes it back. */
export abstract class NoticeCommand extends ServerCommand {
  protected abstract readonly saying: Saying;
  /** What the line about a version says was done. */
  protected abstract readonly done: string;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(this.ctor as typeof NoticeCommand & typeof SHAPE);
    const wanted = parseExactVersion(args.version);
    const { reason, undo } = flags;
    if (undo ? reason !== undefined : reason === undefined) {
      throw new RegistrarError('BAD_REQUEST', 'Say why with --reason, or take it back with --undo');
    }
    await sayOfVersion(await this.connect(flags), this.saying, wanted, undo ? undefined : reason);
    const done = undo ? `is not ${this.done} any more` : this.done;
    print(`${fullName(wanted.module)} version "${wanted.version}" ${done}`);
  }
}

/** What the commands have, for the type of what is parsed. */
const SHAPE = { args: noticeArgs, flags: noticeFlags };
