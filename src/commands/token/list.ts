import { option } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { find } from '../../client/get.js';
import { PLAIN_TABLE } from '../../client/render/object-table.js';
import { printerFor } from '../../client/render/printer.js';
import { TOKENS } from '../../client/resource.js';
import { note, print } from '../../client/terminal.js';

export default class TokenList extends ServerCommand {
  static override summary = 'Lists the tokens there are, without their secrets';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -o json',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    output: option({ char: 'o', options: ['json', 'yaml'] as const })({
      summary: 'Format; a table when not given',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TokenList);
    const found = await find(await this.connect(flags), TOKENS, [], {
      ...{ labelSelector: undefined, fieldSelector: undefined, withObjects: false },
      asTable: flags.output === undefined,
    });
    const text = await printerFor(flags.output, PLAIN_TABLE).page([found], false);
    if (text === '') return note('No resources found');
    print(text);
  }
}
