import { option } from '@oclif/core/flags';
import { LocalCommand } from '../client/base-command.js';
import { daemonFlags, floorBy } from '../client/daemon-flags.js';
import { kekBy } from '../client/kek-settings.js';
import { renderDiagnoses } from '../client/render/diagnosis.js';
import { renderDocument } from '../client/render/document.js';
import { print } from '../client/terminal.js';

const FORMATS = ['json', 'yaml'] as const;

export default class Doctor extends LocalCommand {
  static override summary = 'Looks at what a daemon needs on this machine, and says what to do';
  static override description =
    'Whether a daemon runs or not: data directory, store, keys, daemon, engine, limits, clock, disks, ' +
    'config directory, port, certificate, and programs. Changes nothing. Give those of its flags that ' +
    'the daemon has. Exits with 1 when there is a problem; what could not be looked at is no problem, and ' +
    'not well either.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data-dir /var/lib/registrar --config-dir /etc/registrar',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    ...daemonFlags,
    output: option({ char: 'o', options: FORMATS })({
      summary: 'Format; a line for each check when not given',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const { diagnose } = await import('../local/doctor/doctor.js');
    const diagnoses = await diagnose({
      ...{ dataDir: flags['data-dir'], configDir: flags['config-dir'] },
      ...{ host: flags.host, port: flags.port, dockerHost: flags['docker-host'] },
      diskFloorBytes: floorBy(flags['disk-floor']),
      hasKeysElsewhere: kekBy(flags['kek-command'], process.env) !== undefined,
    });
    const { output } = flags;
    print(output ? await renderDocument(diagnoses, output) : renderDiagnoses(diagnoses));
    if (diagnoses.some(({ state }) => state === 'problem')) process.exitCode = 1;
  }
}
