import { option } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { getConfig } from '../../client/config.js';
import { renderConfig } from '../../client/render/config.js';
import { renderDocument } from '../../client/render/document.js';
import { print } from '../../client/terminal.js';

export default class Config extends ServerCommand {
  static override summary = 'Shows the state of the config directory: broken files, what is held';
  static override description =
    'A module or policy is held when its file vanished in a way that looks like an accident; it stays until ' +
    'the file is back or the deletion is confirmed.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -o json',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    output: option({ char: 'o', options: ['json', 'yaml'] as const })({
      summary: 'Format; text when not given',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Config);
    const report = await getConfig(await this.connect(flags));
    print(flags.output ? await renderDocument(report, flags.output) : renderConfig(report));
  }
}
