import { boolean, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { durationMsOf, nameArg, selectorFlag, timeoutFlag } from '../client/flags.js';
import { fullName } from '../client/names.js';
import { withProgress } from '../client/progress.js';
import { chosenModules } from '../client/select.js';
import { note, print } from '../client/terminal.js';
import { parseCondition, waitFor } from '../client/wait.js';

export default class Wait extends ServerCommand {
  static override summary = 'Waits until modules have a condition or are gone';
  static override description =
    'A condition counts only when it is about the present generation of the module. Exits with 1 ' +
    'when the time is over, or when a module that is to be Ready went back to an earlier revision.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --for=condition=Ready echo-miner --timeout 2m',
    '<%= config.bin %> <%= command.id %> --for=delete -l subnet=17',
  ];
  static override usage = '<%= command.id %> NAME... | -l LABELS | --all';
  static override strict = false;
  static override args = { name: nameArg('Names of modules') };
  static override flags = {
    for: string({
      required: true,
      helpValue: '<what>',
      summary: 'condition=TYPE, condition=TYPE=STATUS or delete',
    }),
    selector: selectorFlag,
    all: boolean({ summary: 'Wait for all modules' }),
    timeout: timeoutFlag('30s', 'How long to wait; 0 for ever'),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Wait);
    const check = parseCondition(flags.for);
    const timeoutMs = durationMsOf('--timeout', flags.timeout);
    const client = await this.connect(flags);
    const choice = { args: argv as string[], selector: flags.selector, all: flags.all };
    const names = await chosenModules(client, choice);
    if (names.length === 0) note('No resources found');
    await withProgress(`Waiting for ${names.join(', ')}`, (report) =>
      waitFor(client, names, check, {
        timeoutMs,
        onDone: (name) => print(`${fullName(name)} condition met`),
        onWaiting: (left) => report(`Waiting for ${left.join(', ')}`),
      }),
    );
  }
}
