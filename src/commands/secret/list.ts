import { option } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { find } from '../../client/get.js';
import { PLAIN_TABLE } from '../../client/render/object-table.js';
import { isTable, printerFor } from '../../client/render/printer.js';
import { SECRETS } from '../../client/resource.js';
import { note, print } from '../../client/terminal.js';

export default class SecretList extends ServerCommand {
  static override summary = 'Lists the Secrets there are, without their values';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -o wide',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    output: option({ char: 'o', options: ['wide', 'json', 'yaml'] as const })({
      summary: 'Format; a table when not given, with "wide" also the names of the keys',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(SecretList);
    const { output } = flags;
    const found = await find(await this.connect(flags), SECRETS, [], {
      ...{ labelSelector: undefined, fieldSelector: undefined, withObjects: false },
      asTable: isTable(output),
    });
    const style = { ...PLAIN_TABLE, wide: output === 'wide' };
    const text = await printerFor(output, style).page([found], false);
    if (text === '') return note('No resources found');
    print(text);
  }
}
