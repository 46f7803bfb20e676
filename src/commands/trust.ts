import { option } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { nameArg } from '../client/flags.js';
import { getTrust } from '../client/modules.js';
import { moduleNames } from '../client/names.js';
import { renderDocument } from '../client/render/document.js';
import { trustTable } from '../client/render/trust.js';
import { note, print } from '../client/terminal.js';
import { RegistrarError } from '../model/errors.js';
import { chainHolds } from '../model/trust.js';

const VERDICTS = {
  yes: 'What runs is what was verified',
  unknown: 'Nothing is broken, but not every link can be told',
  no: 'A link does not hold',
} as const;

export default class Trust extends ServerCommand {
  static override summary = 'Shows what stands between a repository and its containers';
  static override description =
    'Repository and commit, signer, report, policy, image and containers: each is compared with what ' +
    'the engine says now. The command fails when a link does not hold.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> echo-miner -o json',
  ];
  static override usage = '<%= command.id %> NAME';
  static override strict = false;
  static override args = { name: nameArg('Name of a module') };
  static override flags = {
    output: option({ char: 'o', options: ['json', 'yaml'] as const })({
      summary: 'Format; a table when not given',
    }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Trust);
    const [name = '', ...more] = moduleNames(argv as string[]);
    if (more.length > 0)
      throw new RegistrarError('BAD_REQUEST', 'Trust is shown of one module at a time');
    const client = await this.connect(flags);
    const chain = await getTrust(client, name);
    const holds = chainHolds(chain);
    if (flags.output === undefined) {
      print(trustTable(chain.links));
      note(VERDICTS[holds]);
    } else {
      print(await renderDocument(chain, flags.output));
    }
    if (holds === 'no') process.exitCode = this.failureCode;
  }
}
