import { ServerCommand } from '../../client/base-command.js';
import { acceptEngine } from '../../client/accept-engine.js';
import { print } from '../../client/terminal.js';

export default class EngineAccept extends ServerCommand {
  static override summary = 'Has modules run on another Docker Engine than before';
  static override description =
    'When another engine answers than the one that modules ran on, and it has none of their ' +
    'containers, nothing is made there: they would begin with empty volumes, and perhaps run twice. ' +
    'This says that it is meant to be so. See to it first that nothing runs on the engine before.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --server https://127.0.0.1:7878',
  ];
  static override usage = '<%= command.id %>';

  async run(): Promise<void> {
    const { flags } = await this.parse(EngineAccept);
    print(`engine ${await acceptEngine(await this.connect(flags))} accepted`);
  }
}
