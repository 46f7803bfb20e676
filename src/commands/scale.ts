import { string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { countOf, dryRunFlag, dryRunSuffix, nameArg } from '../client/flags.js';
import { KINDS, scalableTargets } from '../client/names.js';
import { patchObject } from '../client/objects.js';
import { qualifiedName } from '../client/resource.js';
import { print } from '../client/terminal.js';

export default class Scale extends ServerCommand {
  static override summary = 'Changes the number of replicas of modules, or of modules of a set';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner --replicas 3',
    '<%= config.bin %> <%= command.id %> mset/miners --replicas 5',
  ];
  static override usage = '<%= command.id %> NAME... --replicas NUMBER';
  static override strict = false;
  static override args = { name: nameArg('Names of modules, or of sets as mset/NAME') };
  static override flags = {
    replicas: string({
      required: true,
      helpValue: '<number>',
      summary: 'Containers to run; modules, of a set',
    }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Scale);
    const { kind, names } = scalableTargets(argv as string[]);
    const replicas = countOf('--replicas', flags.replicas);
    const dryRun = flags['dry-run'] === 'server';
    const client = await this.connect(flags);
    await this.each(names, async (name) => {
      const patch = { spec: { replicas } };
      await patchObject(client, KINDS[kind], name, patch, { dryRun, subresource: '/scale' });
      print(`${qualifiedName(KINDS[kind], name)} scaled${dryRunSuffix(dryRun)}`);
    });
  }
}
