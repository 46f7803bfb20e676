import { PatchCommand, patchArgs, patchFlags } from '../../client/patch-command.js';
import { ROLLOUT_PAUSED_ANNOTATION } from '../../model/names.js';

export default class RolloutResume extends PatchCommand {
  static override summary = 'Lets the rollouts of modules go on';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> miner-a miner-b',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = patchArgs;
  static override flags = patchFlags;

  protected override readonly verb = 'rollout resumed';

  protected override patch(): object {
    return { metadata: { annotations: { [ROLLOUT_PAUSED_ANNOTATION]: 'false' } } };
  }
}
