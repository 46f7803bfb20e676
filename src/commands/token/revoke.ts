import { ServerCommand } from '../../client/base-command.js';
import { nameArg } from '../../client/flags.js';
import { print } from '../../client/terminal.js';
import { revokeToken, TOKEN_PREFIX } from '../../client/tokens.js';
import { RegistrarError } from '../../model/errors.js';

export default class TokenRevoke extends ServerCommand {
  static override summary = 'Ends tokens at once, and what their holders have open';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ci',
    '<%= config.bin %> <%= command.id %> ci dashboard',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = { name: nameArg('Names of tokens') };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(TokenRevoke);
    const names = argv as string[];
    if (names.length === 0) {
      throw new RegistrarError(
        'BAD_REQUEST',
        'A token must be named; "registrar token list" lists them',
      );
    }
    const client = await this.connect(flags);
    await this.each(names, async (name) => {
      await revokeToken(client, name);
      print(`${TOKEN_PREFIX} "${name}" revoked`);
    });
  }
}
