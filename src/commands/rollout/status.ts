import { boolean } from '@oclif/core/flags';
import { ServerCommand } from '../../client/base-command.js';
import { durationMsOf, moduleArg, timeoutFlag } from '../../client/flags.js';
import { getModule } from '../../client/modules.js';
import { moduleNames } from '../../client/names.js';
import { failed, standingNow, untilRolledOut } from '../../client/rollouts/follow.js';
import type { Client } from '../../client/http.js';
import { note, print } from '../../client/terminal.js';
import { waitFor } from '../../client/wait.js';

export default class RolloutStatus extends ServerCommand {
  static override summary = 'Follows the rollout of a module to its end';
  static override description =
    'Exits with 0 when the module runs what its spec asks for, and with 1 and what was seen when ' +
    'the rollout failed, went back or was undone.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner --timeout 10m',
    '<%= config.bin %> <%= command.id %> echo-miner --no-watch',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = { name: moduleArg };
  static override flags = {
    watch: boolean({
      char: 'w',
      default: true,
      allowNo: true,
      summary: 'Follow it until it ends; say how it stands now otherwise',
    }),
    timeout: timeoutFlag('0', 'How long to follow it; 0 for ever'),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RolloutStatus);
    const [name = ''] = moduleNames([args.name]);
    const timeoutMs = durationMsOf('--timeout', flags.timeout);
    const client = await this.connect(flags);
    if (!flags.watch) return this.#tell(client, name);
    await getModule(client, name);
    await waitFor(client, [name], untilRolledOut(client, note), { timeoutMs });
    await this.#tell(client, name);
  }

  /** How it stands now. */
  async #tell(client: Client, name: string): Promise<void> {
    const module = await getModule(client, name);
    const standing = await standingNow(client, module);
    if (standing.kind === 'failed') throw await failed(client, module, standing, note);
    if (standing.kind === 'done') print(`module "${name}" ${standing.message}`);
    else print(`Waiting for module "${name}": ${standing.message}`);
  }
}
