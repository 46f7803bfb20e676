import { boolean, option, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { cleanUp, removeVolume } from '../client/clean-up.js';
import { renderDocument } from '../client/render/document.js';
import { table } from '../client/render/table.js';
import { sizeText } from '../client/render/versions.js';
import { note, print, safeText } from '../client/terminal.js';
import type { CleanUpReport } from '../model/clean-up.js';

const FORMATS = ['json', 'yaml'] as const;

export default class Gc extends ServerCommand {
  static override summary = 'Removes now what the daemon removes by itself in time';
  static override description =
    'Images that no module and no kept revision needs, packages that no version lists, and what is ' +
    'longest unused of a cache of sources or packages that is too large. Volumes are never removed but ' +
    'for those that --volume names, with all that is in them, once their module is deleted.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --volume registrar-1234abcd_echo-miner_state',
  ];
  static override usage = '<%= command.id %> [--dry-run | --volume NAME...]';
  static override flags = {
    'dry-run': boolean({ exclusive: ['volume'], summary: 'Only tell what would be removed' }),
    volume: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<name>',
      summary: 'Remove this volume, and nothing else; may be repeated',
    }),
    output: option({ char: 'o', options: FORMATS })({
      summary: 'Format; a table when not given',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Gc);
    const client = await this.connect(flags);
    for (const name of flags.volume ?? []) {
      await removeVolume(client, name);
      print(safeText(`volume/${name} removed`));
    }
    if (flags.volume !== undefined) return;
    const report = await cleanUp(client, flags['dry-run']);
    if (flags.output !== undefined) print(await renderDocument(report, flags.output));
    else show(report, flags['dry-run']);
  }
}

function show({ removed, volumes }: CleanUpReport, dryRun: boolean): void {
  if (removed.length === 0) note('There is nothing that nothing needs');
  else {
    const rows = removed.map(({ kind, name, bytes, because }) => [
      ...[kind, safeText(name), sizeText(bytes), safeText(because)],
    ]);
    print(table([['KIND', 'NAME', 'SIZE', 'WHY'], ...rows]));
    if (dryRun) note('Nothing was removed: run it without --dry-run');
  }
  for (const name of volumes) {
    note(safeText(`Volume "${name}" is of no module; to lose it: registrar gc --volume ${name}`));
  }
}
