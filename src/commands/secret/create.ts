import { option, string } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { secretNameArg } from '../../client/flags.js';
import { createObject } from '../../client/objects.js';
import { qualifiedName } from '../../client/resource.js';
import { readValues } from '../../client/secret-values.js';
import { print } from '../../client/terminal.js';
import { apiVersionOf, SECRET } from '../../model/kinds.js';
import { SECRET_TYPES } from '../../model/secret.js';

const several = { multiple: true, multipleNonGreedy: true } as const;

export default class SecretCreate extends ServerCommand {
  static override summary = 'Makes a Secret, whose values nobody can read any more';
  static override description =
    'Every user of this machine can read the arguments of a process: give values that matter with ' +
    '--from-file, KEY=- for standard input, or later with "registrar secret set".';
  static override examples = [
    '<%= config.bin %> <%= command.id %> keys --from-file api=api.key',
    '<%= config.bin %> <%= command.id %> deploy --type ssh --from-file privateKey=id_ed25519',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = { name: secretNameArg };
  static override flags = {
    type: option({ options: SECRET_TYPES })({
      default: 'Opaque',
      summary:
        'What it is for: environments, a login to a registry of images, a deploy key, or an account over https',
    }),
    'from-literal': string({
      ...several,
      helpValue: '<key=value>',
      summary: 'A value; others can see it while the command runs',
    }),
    'from-file': string({
      ...several,
      helpValue: '<key=path>',
      summary:
        'A file with a value, "-" for standard input; the key is the name of the file if none is given',
    }),
    'from-env-file': string({
      ...several,
      helpValue: '<path>',
      summary: 'A file with lines KEY=VALUE, read as by "registrar secret import"',
    }),
    modules: string({
      ...several,
      helpValue: '<pattern>',
      summary: 'Modules that may use it, "*" for any text; all when not given',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SecretCreate);
    const { type, modules } = flags;
    const data = await readValues({
      literals: flags['from-literal'] ?? [],
      files: flags['from-file'] ?? [],
      envFiles: flags['from-env-file'] ?? [],
    });
    await createObject(await this.connect(flags), SECRET, {
      ...{ apiVersion: apiVersionOf(SECRET), kind: SECRET.kind, metadata: { name: args.name } },
      ...{ type, data, ...(modules !== undefined && { modules }) },
    });
    print(`${qualifiedName(SECRET, args.name)} created`);
  }
}
