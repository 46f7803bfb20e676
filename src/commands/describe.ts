import { ServerCommand } from '../client/base-command.js';
import { nameArg, selectorFlag } from '../client/flags.js';
import { getModule, listEvents } from '../client/modules.js';
import { renderDescription } from '../client/render/describe.js';
import { chosenNames } from '../client/select.js';
import { print } from '../client/terminal.js';

export default class Describe extends ServerCommand {
  static override summary = 'Tells all about modules: conditions, containers and recent events';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> -l subnet=17',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = { name: nameArg('Names of modules; all when not given') };
  static override flags = { selector: selectorFlag };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Describe);
    const args = argv as string[];
    const client = await this.connect(flags);
    const all = args.length === 0;
    const names = await chosenNames(client, { args, selector: flags.selector, all });
    let separator = '';
    await this.each(names, async (name) => {
      const module = await getModule(client, name);
      const fieldSelector = `involvedObject.kind=Module,involvedObject.name=${name},involvedObject.uid=${module.metadata.uid}`;
      const { items } = await listEvents(client, { fieldSelector });
      print(separator + renderDescription(module, items, Date.now()));
      separator = '\n\n';
    });
  }
}
