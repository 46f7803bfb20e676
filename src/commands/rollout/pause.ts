import { PatchCommand, patchArgs, patchFlags } from '../../client/patch-command.js';
import { ROLLOUT_PAUSED_ANNOTATION } from '../../model/names.js';

export default class RolloutPause extends PatchCommand {
  static override summary = 'Stops the rollouts of modules where they are';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> miner-a miner-b',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = patchArgs;
  static override flags = patchFlags;

  protected override readonly verb = 'rollout paused';

  protected override patch(): object {
    return { metadata: { annotations: { [ROLLOUT_PAUSED_ANNOTATION]: 'true' } } };
  }
}
