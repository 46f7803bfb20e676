import { string } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { dryRunFlag, dryRunSuffix, moduleArg } from '../../client/flags.js';
import { getModule } from '../../client/modules.js';
import { fullName, moduleNames } from '../../client/names.js';
import { patchObject } from '../../client/objects.js';
import { MODULES } from '../../client/resource.js';
import { listRecords } from '../../client/rollouts/records.js';
import { undoFor } from '../../client/rollouts/undo.js';
import { print } from '../../client/terminal.js';
import { UNDO_ANNOTATION } from '../../model/names.js';
import { shortRevision } from '../../model/owner.js';
import { undoText } from '../../model/rollout-wishes.js';

export default class RolloutUndo extends ServerCommand {
  static override summary = 'Has an earlier revision of a module run in place of its present one';
  static override description =
    'Goes to the last revision that ran well before the present one, and stays there until the ' +
    'spec, commit or image changes. The spec stays as it is, so this works whoever owns the module.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> echo-miner --to-revision 3',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = { name: moduleArg };
  static override flags = {
    'to-revision': string({
      helpValue: '<number>',
      summary: 'Number or hash of the revision, as "rollout history" lists them',
    }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RolloutUndo);
    const [name = ''] = moduleNames([args.name]);
    const client = await this.connect(flags);
    const module = await getModule(client, name);
    const undo = undoFor(module, await listRecords(client, name), flags['to-revision']);
    // Going to what the spec asks for is to take back what was undone.
    const value = undo.from === undo.to ? '' : undoText(undo);
    const dryRun = flags['dry-run'] === 'server';
    const patch = { metadata: { annotations: { [UNDO_ANNOTATION]: value } } };
    await patchObject(client, MODULES, name, patch, { dryRun });
    print(`${fullName(name)} rolled back to ${shortRevision(undo.to)}${dryRunSuffix(dryRun)}`);
  }
}
