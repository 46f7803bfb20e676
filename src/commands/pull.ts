import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import type { Client } from '../client/http.js';
import { fullName } from '../client/names.js';
import { withProgress } from '../client/progress.js';
import { expectedPackage } from '../client/pull/expected-package.js';
import { extractPackage, requireEmpty } from '../client/pull/extract.js';
import { interruptible } from '../client/pull/interruption.js';
import { receive, receiveFile } from '../client/pull/receive.js';
import { note, print, warn } from '../client/terminal.js';
import { parseVersionArgument, streamPackage } from '../client/versions.js';
import type { VersionArgument } from '../client/versions.js';

export default class Pull extends ServerCommand {
  static override summary = 'Downloads the package of a version, and checks its digest';
  static override description =
    'Without a version, the newest that was not yanked. The package is the verified commit as ' +
    '.tar.gz. A file or folder is there when it is whole and has its digest, and not before; what ' +
    'went to standard output must be thrown away when the command fails. Of links in a package ' +
    'none is extracted.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    "<%= config.bin %> <%= command.id %> 'echo-miner@^1.4' --extract echo-miner",
  ];
  static override usage = '<%= command.id %> NAME[@RANGE]';
  static override args = {
    version: stringArg({
      description: 'Name of a module, with @ and a version or range',
      required: true,
      ignoreStdin: true,
    }),
  };
  static override flags = {
    output: string({
      exclusive: ['extract'],
      helpValue: '<file>',
      summary: 'File to write, or - for standard output; NAME-VERSION.tar.gz when not given',
    }),
    extract: string({ helpValue: '<folder>', summary: 'New or empty folder to extract into' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Pull);
    const wanted = parseVersionArgument(args.version);
    const { output, extract } = flags;
    if (extract !== undefined) await requireEmpty(extract);
    const client = await this.connect(flags);
    await interruptible((signal) =>
      withProgress(`Pulling ${args.version}`, async () => {
        if (extract !== undefined) await this.#extract(client, wanted, extract, signal);
        else await this.#save(client, wanted, output, signal);
      }),
    );
  }

  async #save(
    client: Client,
    wanted: VersionArgument,
    output: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const answer = await streamPackage(client, wanted, signal);
    const { version } = expectedPackage(answer);
    if (output === '-') {
      await receive(answer, process.stdout, signal);
      return note(pulled(wanted, version, 'standard output'));
    }
    const path = output ?? `${wanted.module}-${version}.tar.gz`;
    await receiveFile(answer, path, signal);
    print(pulled(wanted, version, path));
  }

  async #extract(
    client: Client,
    wanted: VersionArgument,
    folder: string,
    signal: AbortSignal,
  ): Promise<void> {
    const answer = await streamPackage(client, wanted, signal);
    const { version } = expectedPackage(answer);
    const room = await mkdtemp(join(tmpdir(), 'registrar-pull-'));
    try {
      const file = join(room, 'package.tar.gz');
      await receiveFile(answer, file, signal);
      const omitted = await extractPackage(file, folder, signal);
      if (omitted > 0) warn(`${omitted} entries that are no plain file or folder were left out`);
      print(pulled(wanted, version, folder));
    } finally {
      await rm(room, { recursive: true, force: true });
    }
  }
}

const pulled = ({ module }: VersionArgument, version: string, where: string): string =>
  `${fullName(module)} version "${version}" pulled to ${where}`;
