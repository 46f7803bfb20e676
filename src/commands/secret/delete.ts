import { ServerCommand } from '../../client/base-command.js';
import { nameArg } from '../../client/flags.js';
import { deleteObject } from '../../client/objects.js';
import { qualifiedName } from '../../client/resource.js';
import { print } from '../../client/terminal.js';
import { RegistrarError } from '../../model/errors.js';
import { SECRET } from '../../model/kinds.js';

export default class SecretDelete extends ServerCommand {
  static override summary = 'Deletes Secrets and their values';
  static override description =
    'Modules that use one go on running as they are, and get no new containers until it is back.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> keys',
    '<%= config.bin %> <%= command.id %> keys deploy',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = { name: nameArg('Names of Secrets') };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(SecretDelete);
    const names = argv as string[];
    if (names.length === 0) {
      const message = 'A Secret must be named; "registrar secret list" lists them';
      throw new RegistrarError('BAD_REQUEST', message);
    }
    const client = await this.connect(flags);
    await this.each(names, async (name) => {
      await deleteObject(client, SECRET, name);
      print(`${qualifiedName(SECRET, name)} deleted`);
    });
  }
}
