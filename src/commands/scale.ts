import { string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { countOf, dryRunFlag, dryRunSuffix, nameArg } from '../client/flags.js';
import { scaleModule } from '../client/modules.js';
import { fullName, moduleNames } from '../client/names.js';
import { print } from '../client/terminal.js';

export default class Scale extends ServerCommand {
  static override summary = 'Changes the number of replicas of modules';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner --replicas 3',
    '<%= config.bin %> <%= command.id %> miner-a miner-b --replicas 0',
  ];
  static override usage = '<%= command.id %> NAME... --replicas NUMBER';
  static override strict = false;
  static override args = { name: nameArg('Names of modules') };
  static override flags = {
    replicas: string({ required: true, helpValue: '<number>', summary: 'Containers to run' }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Scale);
    const names = moduleNames(argv as string[]);
    const replicas = countOf('--replicas', flags.replicas);
    const dryRun = flags['dry-run'] === 'server';
    const client = await this.connect(flags);
    await this.each(names, async (name) => {
      await scaleModule(client, name, replicas, { dryRun });
      print(`${fullName(name)} scaled${dryRunSuffix(dryRun)}`);
    });
  }
}
