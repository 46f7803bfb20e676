import { ServerCommand } from '../client/base-command.js';
import { nameArg } from '../client/flags.js';
import { moduleNames } from '../client/names.js';
import { table } from '../client/render/table.js';
import { USAGE_HEADER, usageRow } from '../client/render/usage.js';
import { note, print } from '../client/terminal.js';
import { listUsage } from '../client/usage.js';

export default class Top extends ServerCommand {
  static override summary = 'Shows how much processor and memory containers use';
  static override description =
    'One line for each container that runs. Processor time is an average of the last seconds, memory is without idle file cache.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> echo-miner score-validator',
  ];
  static override usage = '<%= command.id %> [NAME...]';
  static override strict = false;
  static override args = { name: nameArg('Names of modules; all when not given') };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Top);
    const names = argv.length === 0 ? [] : moduleNames(argv as string[]);
    const client = await this.connect(flags);
    const rows = (await listUsage(client, names)).map(usageRow);
    if (rows.length === 0) note('No container runs');
    else print(table([USAGE_HEADER, ...rows]));
  }
}
