import { boolean, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { countOf, durationMsOf, nameArg } from '../client/flags.js';
import { copyBuildLog, copyLog, slotsOf } from '../client/logs.js';
import { getModule } from '../client/modules.js';
import { moduleNames } from '../client/names.js';
import { print } from '../client/terminal.js';
import { RegistrarError } from '../model/errors.js';

export default class Logs extends ServerCommand {
  static override summary = 'Prints what the containers of a module write';
  static override description =
    'The log is that of the present run of each container, or of its last one when it does not run. With several replicas each line begins with the replica it comes from, such as "[miner-0] ".';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner --tail 100 -f',
    '<%= config.bin %> <%= command.id %> echo-miner --build -f',
  ];
  static override usage = '<%= command.id %> NAME';
  static override strict = false;
  static override args = { name: nameArg('Name of a module') };
  static override flags = {
    follow: boolean({ char: 'f', summary: 'Go on with what is written from now on' }),
    tail: string({ helpValue: '<lines>', summary: 'Only the last lines; all when not given' }),
    since: string({ helpValue: '<duration>', summary: 'Only lines younger than this' }),
    'since-time': string({
      helpValue: '<time>',
      exclusive: ['since'],
      summary: 'Only lines from this time on, such as 2026-01-31T08:00:00Z',
    }),
    previous: boolean({ char: 'p', summary: 'The run before, or the last one when none runs' }),
    timestamps: boolean({ summary: 'Begin each line with its time' }),
    build: boolean({
      exclusive: ['previous', 'since', 'since-time', 'slot', 'tail', 'timestamps'],
      summary: 'What the last build of its image printed, in place of its containers',
    }),
    slot: string({ helpValue: '<number>', summary: 'Only this replica, counted from 0' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Logs);
    const [name = '', ...more] = moduleNames(argv as string[]);
    if (more.length > 0)
      throw new RegistrarError('BAD_REQUEST', 'Logs are shown of one module at a time');
    const { tail, since, slot } = flags;
    const query = {
      follow: flags.follow,
      timestamps: flags.timestamps,
      previous: flags.previous,
      sinceTime: flags['since-time'],
      tailLines: tail === undefined || tail === '-1' ? undefined : countOf('--tail', tail),
      sinceSeconds:
        since === undefined ? undefined : Math.ceil(durationMsOf('--since', since) / 1000),
    };
    const only = slot === undefined ? undefined : countOf('--slot', slot);
    const client = await this.connect(flags);
    if (flags.build) return copyBuildLog(client, name, flags.follow, print);
    const slots = only === undefined ? slotsOf(await getModule(client, name)) : [only];
    if (slots.length === 0)
      throw new RegistrarError(
        'NOT_FOUND',
        `Module "${name}" has no container yet; "registrar describe ${name}" tells why`,
      );
    const copy = (number: number) =>
      this.each([number], () => {
        const prefix = slots.length > 1 ? `[${name}-${number}] ` : '';
        return copyLog(client, name, { ...query, slot: number }, prefix, print);
      });
    if (query.follow) await Promise.all(slots.map(copy));
    else for (const number of slots) await copy(number);
  }
}
