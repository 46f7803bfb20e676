import { PatchCommand, patchArgs, patchFlags } from '../../client/patch-command.js';
import { timestamp } from '../../lib/clock.js';
import { RESTARTED_AT_ANNOTATION } from '../../model/names.js';

export default class RolloutRestart extends PatchCommand {
  static override aliases = ['restart'];
  static override summary = 'Replaces the containers of modules by new ones of the same kind';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> miner-a miner-b',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = patchArgs;
  static override flags = patchFlags;

  protected override readonly verb = 'restarted';

  protected override patch(): object {
    return { metadata: { annotations: { [RESTARTED_AT_ANNOTATION]: timestamp(Date.now()) } } };
  }
}
