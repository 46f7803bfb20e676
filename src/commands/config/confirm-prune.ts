import { boolean } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { confirmPrune, getConfig } from '../../client/config.js';
import { fullNameOf } from '../../client/resource.js';
import { print, safeText } from '../../client/terminal.js';
import { RegistrarError } from '../../model/errors.js';
import { keyText } from '../../model/kinds.js';
import type { ObjectKey } from '../../model/kinds.js';

export default class ConfirmPrune extends ServerCommand {
  static override summary = 'Deletes the objects whose files vanished from the config directory';
  static override description = 'Asks before it does. Without a terminal it must be told --yes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --yes',
  ];
  static override usage = '<%= command.id %>';
  static override flags = { yes: boolean({ char: 'y', summary: 'Do not ask' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfirmPrune);
    const client = await this.connect(flags);
    // More may be held by the time of the answer: only what was shown is agreed to.
    const shown = flags.yes ? undefined : ((await getConfig(client)).held?.objects ?? []);
    if (shown && !(await this.#agreed(shown)))
      throw new RegistrarError('BAD_REQUEST', 'Nothing was deleted');
    for (const object of await confirmPrune(client, shown)) print(`${fullNameOf(object)} pruned`);
  }

  async #agreed(objects: readonly ObjectKey[]): Promise<boolean> {
    if (objects.length === 0)
      throw new RegistrarError('CONFLICT', 'Nothing is held; there is nothing to confirm');
    const list = safeText(objects.map(keyText).join(', '));
    if (!process.stdin.isTTY || !process.stderr.isTTY)
      throw new RegistrarError(
        'BAD_REQUEST',
        `Will not delete ${list} unasked; there is no terminal to ask in, so say --yes`,
      );
    const { confirm } = await import('@clack/prompts');
    const message = `Delete ${list}, and the containers of modules?`;
    return (await confirm({ message, initialValue: false, output: process.stderr })) === true;
  }
}
