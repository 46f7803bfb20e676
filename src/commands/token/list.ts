import { option } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { listOf, renderDocument } from '../../client/render/document.js';
import { renderTokens } from '../../client/render/tokens.js';
import { note, print } from '../../client/terminal.js';
import { listTokens } from '../../client/tokens.js';

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
    const tokens = await listTokens(await this.connect(flags));
    if (flags.output) return print(await renderDocument(listOf(tokens), flags.output));
    if (tokens.length === 0) return note('No resources found');
    print(renderTokens(tokens, Date.now()));
  }
}
