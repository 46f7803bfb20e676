import { string as stringArg } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { newestOf } from '../client/newest.js';
import { table } from '../client/render/table.js';
import {
  renderVersions,
  SEARCH_HEADER,
  searchRow,
  VERSION_FORMATS,
} from '../client/render/versions.js';
import { note, print } from '../client/terminal.js';
import { listVersions } from '../client/versions.js';

export default class Search extends ServerCommand {
  static override summary = 'Finds modules that can be pulled';
  static override description =
    'Finds modules in whose name, description, author, type or labels every word occurs, in one of ' +
    'their versions. Shows the newest version that was not yanked.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> echo --type miner --label subnet=17',
  ];
  static override usage = '<%= command.id %> [TEXT]';
  static override args = { text: stringArg({ description: 'Words to find', ignoreStdin: true }) };
  static override flags = {
    type: string({ helpValue: '<type>', summary: 'What it does in its subnet, such as miner' }),
    author: string({ helpValue: '<text>', summary: 'Part of the author' }),
    label: string({
      char: 'l',
      helpValue: '<labels>',
      summary: 'Label selector, such as subnet=17,tier!=test',
    }),
    output: option({ char: 'o', options: VERSION_FORMATS })({
      summary: 'Format; a table when not given',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Search);
    const { type, author = '', label, output } = flags;
    const versions = await listVersions(await this.connect(flags), {
      search: [args.text, author].filter(Boolean).join(' ') || undefined,
      labelSelector: label,
      fieldSelector: type === undefined ? undefined : `spec.type=${type}`,
    });
    const found = newestOf(versions.filter(({ spec }) => contains(spec.author, author)));
    const newest = found.map((one) => one.newest);
    if (output !== undefined) return print(await renderVersions(newest, output));
    if (found.length === 0) return note('No module found');
    const rows = found.map((one) => searchRow(one.newest, one.downloads));
    print(table([SEARCH_HEADER, ...rows]));
  }
}

const contains = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase());
