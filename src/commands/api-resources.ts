import { boolean, option } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { discover } from '../client/discovery.js';
import { table } from '../client/render/table.js';
import type { Resource } from '../client/resource.js';
import { print } from '../client/terminal.js';
import { apiVersionOf, resourceOf } from '../model/kinds.js';

const HEADER = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND'];
const WIDE_HEADER = [...HEADER, 'VERBS', 'CATEGORIES'];

export default class ApiResources extends ServerCommand {
  static override summary = 'Lists the kinds that the server offers';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -o wide',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    output: option({ char: 'o', options: ['wide', 'name'] as const })({
      summary: 'Format; a table when not given',
    }),
    'no-headers': boolean({ summary: 'Leave out the line with the titles of the columns' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ApiResources);
    const resources = await discover(await this.connect(flags));
    if (flags.output === 'name') return print(resources.map(resourceOf).join('\n'));
    const isWide = flags.output === 'wide';
    const header = flags['no-headers'] ? [] : [isWide ? WIDE_HEADER : HEADER];
    print(table([...header, ...resources.map((resource) => rowOf(resource, isWide))]));
  }
}

function rowOf(resource: Resource, isWide: boolean): string[] {
  const { plural, shortNames, namespaced, kind, verbs, categories } = resource;
  const row = [plural, shortNames.join(','), apiVersionOf(resource), String(namespaced), kind];
  return isWide ? [...row, verbs.join(','), categories.join(',')] : row;
}
