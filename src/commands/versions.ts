import { string as stringArg } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { moduleNames } from '../client/names.js';
import { table } from '../client/render/table.js';
import {
  renderVersions,
  VERSION_FORMATS,
  VERSION_HEADER,
  versionRow,
} from '../client/render/versions.js';
import { print } from '../client/terminal.js';
import { listVersions } from '../client/versions.js';
import { RegistrarError } from '../model/errors.js';

export default class Versions extends ServerCommand {
  static override summary = 'Lists the versions of a module that were published';
  static override description =
    'The one that was published last comes first. Versions stay when their module is deleted.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> echo-miner -o yaml',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = {
    name: stringArg({ description: 'Name of a module', required: true, ignoreStdin: true }),
  };
  static override flags = {
    output: option({ char: 'o', options: VERSION_FORMATS })({
      summary: 'Format; a table when not given',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Versions);
    const [module = ''] = moduleNames([args.name]);
    const client = await this.connect(flags);
    const versions = await listVersions(client, { fieldSelector: `spec.module=${module}` });
    if (versions.length === 0) {
      const message = `Module "${module}" has no published version; "registrar search" lists what there is`;
      throw new RegistrarError('NOT_FOUND', message);
    }
    const rows = versions.map((version) => versionRow(version, Date.now()));
    const { output } = flags;
    print(output ? await renderVersions(versions, output) : table([VERSION_HEADER, ...rows]));
  }
}
