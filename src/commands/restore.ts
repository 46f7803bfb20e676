import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { LocalCommand } from '../client/base-command.js';
import { note, print, safeText } from '../client/terminal.js';
import { DEFAULT_SETTINGS } from '../settings.js';

export default class Restore extends LocalCommand {
  static override summary = 'Puts a backup in the place of the store, while no daemon runs';
  static override description =
    'Verifies the whole backup before anything is touched, and keeps the store that was there in a ' +
    'folder beside it. Afterwards, modules whose containers the backup does not know are held: ' +
    'nothing of them is changed or removed until "registrar adopt".';
  static override examples = [
    '<%= config.bin %> <%= command.id %> registrar.backup',
    '<%= config.bin %> <%= command.id %> registrar.backup --data-dir /var/lib/registrar',
  ];
  static override usage = '<%= command.id %> FILE';
  static override args = {
    file: stringArg({ required: true, ignoreStdin: true, description: 'Backup to restore' }),
  };
  static override flags = {
    'data-dir': string({
      env: 'REGISTRAR_DATA_DIR',
      default: DEFAULT_SETTINGS.dataDir,
      helpValue: '<folder>',
      summary: 'Data directory to restore into; made when it does not exist',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Restore);
    const { restore } = await import('../registry/backup/restore.js');
    const dataDir = flags['data-dir'];
    const request = { file: args.file, dataDir, now: new Date().toISOString() };
    const { header, keptIn, lacksKeys, held } = await restore(request);
    print(safeText(`Restored the store of ${header.madeAt} into "${dataDir}"`));
    if (keptIn !== undefined) note(safeText(`The store that was there is in "${keptIn}"`));
    if (lacksKeys) {
      note('The keys of its Secrets are not in this data directory: put the folder "keys" of that');
      note('registrar back, or give the daemon its --kek-command or REGISTRAR_KEK');
    }
    if (held > 0) {
      note('Containers that it does not know stay as they are until "registrar adopt NAME"');
    }
    note('Next: start the daemon, and look at "registrar get modules"');
  }
}
