import { boolean, string } from '@oclif/core/flags';
import { LocalCommand } from '../client/base-command.js';
import { note, print, safeText } from '../client/terminal.js';
import { DEFAULT_SETTINGS } from '../settings.js';

export default class Backup extends LocalCommand {
  static override summary = 'Copies the store into one file, also while the daemon runs';
  static override description =
    'The file is the store as it was at one moment, with a checksum, readable by its owner only. ' +
    'Values of Secrets stay encrypted in it, and the keys are not in it: keep those of the folder ' +
    '"keys" of the data directory in another place. Packages, sources and images are not in it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data-dir /var/lib/registrar --output /mnt/registrar.backup',
  ];
  static override usage = '<%= command.id %> [--output FILE]';
  static override flags = {
    'data-dir': string({
      env: 'REGISTRAR_DATA_DIR',
      default: DEFAULT_SETTINGS.dataDir,
      helpValue: '<folder>',
      summary: 'Data directory to back up',
    }),
    output: string({
      helpValue: '<file>',
      summary: 'File to write; registrar-TIME.backup when not given',
    }),
    'include-keys': boolean({
      summary: 'Put the keys into it too: whoever has the file can then read all Secrets',
    }),
    force: boolean({ summary: 'Write over a file that exists' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Backup);
    const { backUp } = await import('../registry/backup/back-up.js');
    const now = new Date().toISOString();
    const file = flags.output ?? `registrar-${now.replaceAll(/[:-]|\.\d+/g, '')}.backup`;
    await backUp({
      ...{ dataDir: flags['data-dir'], file, force: flags.force, now },
      ...{ withKeys: flags['include-keys'], registrarVersion: this.config.version },
    });
    print(safeText(file));
    if (!flags['include-keys']) {
      note('The keys of Secrets are not in it: keep a copy of "keys" of the data directory apart');
    }
  }
}
