import { ServerCommand } from '../../client/base-command.js';
import { dryRunFlag, dryRunSuffix, moduleArg } from '../../client/flags.js';
import { getModule } from '../../client/modules.js';
import { fullName, moduleNames } from '../../client/names.js';
import { patchObject } from '../../client/objects.js';
import { MODULES } from '../../client/resource.js';
import { print } from '../../client/terminal.js';
import { RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { UNDO_ANNOTATION, UNQUARANTINED_AT_ANNOTATION } from '../../model/names.js';

export default class RolloutUnquarantine extends ServerCommand {
  static override summary = 'Tries what failed or was undone again';
  static override description =
    'Lifts the quarantine of every revision of a module that failed so far, and takes back an undo.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> echo-miner --dry-run server',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = { name: moduleArg };
  static override flags = { 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RolloutUnquarantine);
    const [name = ''] = moduleNames([args.name]);
    const client = await this.connect(flags);
    const module = await getModule(client, name);
    const dryRun = flags['dry-run'] === 'server';
    await patchObject(client, MODULES, name, lift(module), { dryRun });
    print(`${fullName(name)} unquarantined${dryRunSuffix(dryRun)}`);
  }
}

/** CONFLICT when there is nothing to lift. */
function lift({ metadata: { name, annotations = {} }, status }: Module): object {
  const { quarantined = [] } = status;
  const isUndone = Boolean(annotations[UNDO_ANNOTATION]);
  if (quarantined.length === 0 && !isUndone) {
    throw new RegistrarError(
      'CONFLICT',
      `Module "${name}" has no revision in quarantine, and nothing of it was undone`,
    );
  }
  // The clock of the server may be ahead of that of this machine.
  const latest = Math.max(Date.now(), ...quarantined.map(({ at }) => Date.parse(at)));
  const lifted = { [UNQUARANTINED_AT_ANNOTATION]: new Date(latest).toISOString() };
  const kept = isUndone ? { [UNDO_ANNOTATION]: '' } : {};
  return { metadata: { annotations: { ...lifted, ...kept } } };
}
