import { PatchCommand, patchArgs, patchFlags } from '../client/patch-command.js';

export default class Resume extends PatchCommand {
  static override summary = 'Starts the containers of suspended modules again';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> miner-a miner-b',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = patchArgs;
  static override flags = patchFlags;

  protected override readonly verb = 'resumed';

  protected override patch(): object {
    return { spec: { suspend: false } };
  }
}
