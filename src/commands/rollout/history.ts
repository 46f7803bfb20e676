import { option, string } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { moduleArg } from '../../client/flags.js';
import { getModule } from '../../client/modules.js';
import { moduleNames } from '../../client/names.js';
import { listOf, renderDocument } from '../../client/render/document.js';
import { renderHistory, renderRevision } from '../../client/render/rollout.js';
import { findRevision } from '../../client/rollouts/find-revision.js';
import { listRecords } from '../../client/rollouts/records.js';
import type { Records } from '../../client/rollouts/records.js';
import { print } from '../../client/terminal.js';
import type { Module } from '../../model/module.js';

type Format = 'json' | 'yaml' | undefined;

export default class RolloutHistory extends ServerCommand {
  static override summary = 'Shows what was changed of a module, by whom, and what came of it';
  static override description =
    'Lists the receipts of its rollouts and the revisions that can be gone back to. With ' +
    '--revision, all of one: what it runs, what is other than in the one before, what was seen.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> echo-miner --revision 3',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = { name: moduleArg };
  static override flags = {
    revision: string({ helpValue: '<number>', summary: 'Number or hash of one revision' }),
    output: option({ char: 'o', options: ['json', 'yaml'] as const })({
      summary: 'Format; tables when not given',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RolloutHistory);
    const [name = ''] = moduleNames([args.name]);
    const client = await this.connect(flags);
    const module = await getModule(client, name);
    const records = await listRecords(client, name);
    const { revision, output } = flags;
    print(
      revision === undefined
        ? await allOf(module, records, output)
        : await oneOf(module, records, revision, output),
    );
  }
}

async function allOf(module: Module, records: Records, output: Format): Promise<string> {
  if (output === undefined) return renderHistory(module, records, Date.now());
  return renderDocument(listOf([...records.receipts, ...records.revisions]), output);
}

async function oneOf(
  { metadata }: Module,
  records: Records,
  named: string,
  output: Format,
): Promise<string> {
  const revision = findRevision(metadata.name, records.revisions, named);
  return output === undefined
    ? renderRevision(revision, records)
    : renderDocument(revision, output);
}
