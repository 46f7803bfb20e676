import { string as stringArg } from '@oclif/core/args';
import { ServerCommand } from '../../client/base-command.js';
import { secretNameArg } from '../../client/flags.js';
import { patchObject } from '../../client/objects.js';
import { qualifiedName } from '../../client/resource.js';
import { readValue } from '../../client/secret-values.js';
import { print } from '../../client/terminal.js';
import { SECRET } from '../../model/kinds.js';

export default class SecretSet extends ServerCommand {
  static override summary = 'Sets one value of a Secret, read from standard input';
  static override description =
    'At a terminal it asks, and shows nothing of what is typed. The value is never among the ' +
    'arguments of a process. A line break at its end is left out. Modules that use it get new ' +
    'containers when it is another value than before.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> keys api',
    '<%= config.bin %> <%= command.id %> keys api < api.key',
  ];
  static override usage = '<%= command.id %> NAME KEY';
  static override args = {
    name: secretNameArg,
    key: stringArg({ description: 'Key of the value', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretSet);
    const client = await this.connect(flags);
    const data = { [args.key]: (await readValue()).toString('base64') };
    await patchObject(client, SECRET, args.name, { data });
    print(`${qualifiedName(SECRET, args.name)} changed`);
  }
}
