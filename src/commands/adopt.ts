import { PatchCommand, patchArgs, patchFlags } from '../client/patch-command.js';
import { RESTORE_HELD_ANNOTATION } from '../model/names.js';

export default class Adopt extends PatchCommand {
  static override summary = 'Lets modules that a restore held go on';
  static override description =
    'After "registrar restore" a module with containers that the backup does not know is held. This ' +
    'says that its spec is right: those containers are kept or replaced as it asks.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> miner-a miner-b',
  ];
  static override usage = '<%= command.id %> NAME...';
  static override strict = false;
  static override args = patchArgs;
  static override flags = patchFlags;

  protected override readonly verb = 'adopted';

  protected override patch(): object {
    return { metadata: { annotations: { [RESTORE_HELD_ANNOTATION]: 'false' } } };
  }
}
