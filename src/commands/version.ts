import { boolean, option } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { renderDocument } from '../client/render/document.js';
import { safeText, print } from '../client/terminal.js';

interface ServerVersion {
  readonly gitVersion: string;
}

export default class Version extends ServerCommand {
  static override summary = 'Prints the versions of the client and of the server';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --client -o json',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    client: boolean({ summary: 'Only that of the client; needs no server' }),
    output: option({ char: 'o', options: ['json', 'yaml'] as const })({
      summary: 'Format; lines when not given',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Version);
    const clientVersion = { gitVersion: `v${this.config.version}` };
    if (flags.output === undefined) print(`Client Version: ${clientVersion.gitVersion}`);
    const serverVersion = flags.client ? undefined : await this.#serverVersion(flags);
    if (flags.output !== undefined)
      return print(
        await renderDocument(
          { clientVersion, ...(serverVersion && { serverVersion }) },
          flags.output,
        ),
      );
    if (serverVersion) print(`Server Version: ${safeText(serverVersion.gitVersion)}`);
  }

  async #serverVersion(flags: Parameters<Version['connect']>[0]): Promise<ServerVersion> {
    const client = await this.connect(flags);
    return (await client.json({ path: '/version' })) as ServerVersion;
  }
}
