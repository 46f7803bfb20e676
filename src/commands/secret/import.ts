import { string } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { ENV_FILE_RULES } from '../../client/env-file.js';
import { secretNameArg } from '../../client/flags.js';
import { createObject, findObject, patchObject } from '../../client/objects.js';
import { qualifiedName } from '../../client/resource.js';
import { readValues } from '../../client/secret-values.js';
import { print } from '../../client/terminal.js';
import { apiVersionOf, SECRET } from '../../model/kinds.js';

export default class SecretImport extends ServerCommand {
  static override summary = 'Puts the lines of a file KEY=VALUE into a Secret';
  static override description =
    `Makes the Secret, or sets these keys of the one there is; others stay. ${ENV_FILE_RULES} ` +
    'No value is printed, also not in an error.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> keys --env-file .env',
    '<%= config.bin %> <%= command.id %> keys --env-file -',
  ];
  static override usage = '<%= command.id %> NAME --env-file FILE';
  static override args = { name: secretNameArg };
  static override flags = {
    'env-file': string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<path>',
      summary: 'A file with lines KEY=VALUE, "-" for standard input; may be repeated',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretImport);
    const { name } = args;
    const data = await readValues({ literals: [], files: [], envFiles: flags['env-file'] });
    const client = await this.connect(flags);
    const there = await findObject(client, SECRET, name);
    if (there === undefined) {
      const head = { apiVersion: apiVersionOf(SECRET), kind: SECRET.kind, metadata: { name } };
      await createObject(client, SECRET, { ...head, data });
    } else await patchObject(client, SECRET, name, { data });
    print(`${qualifiedName(SECRET, name)} ${there === undefined ? 'created' : 'changed'}`);
  }
}
