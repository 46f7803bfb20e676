import { boolean } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { readModules } from '../client/documents.js';
import {
  dryRunFlag,
  dryRunSuffix,
  durationMsOf,
  filenameFlags,
  nameArg,
  selectorFlag,
  timeoutFlag,
} from '../client/flags.js';
import type { Client } from '../client/http.js';
import { deleteModule } from '../client/modules.js';
import { withProgress } from '../client/progress.js';
import { chosenNames } from '../client/select.js';
import { isServerError } from '../client/server-error.js';
import { readSources } from '../client/sources.js';
import { note, print } from '../client/terminal.js';
import { untilDeleted, waitFor } from '../client/wait.js';
import { RegistrarError } from '../model/errors.js';
import { MODULE } from '../model/kinds.js';

export default class Delete extends ServerCommand {
  static override summary = 'Deletes modules, and stops and removes their containers';
  static override description =
    'Named volumes stay. A module that is declared in the config directory is deleted by removing ' +
    'its file.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> -f miner.yaml --ignore-not-found',
  ];
  static override usage = '<%= command.id %> NAME... | -f PATH | -l LABELS | --all';
  static override strict = false;
  static override args = { name: nameArg('Names of modules') };
  static override flags = {
    ...filenameFlags,
    selector: selectorFlag,
    all: boolean({ summary: 'Delete all modules' }),
    wait: boolean({
      default: true,
      allowNo: true,
      summary: 'Wait until the modules and their containers are gone',
    }),
    timeout: timeoutFlag('0', 'How long to wait; 0 for ever'),
    'ignore-not-found': boolean({ summary: 'Count a module that does not exist as deleted' }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Delete);
    const dryRun = flags['dry-run'] === 'server';
    const timeoutMs = durationMsOf('--timeout', flags.timeout);
    const files = flags.filename ?? [];
    const choice = { args: argv as string[], selector: flags.selector, all: flags.all };
    const client = await this.connect(flags);
    const names =
      files.length > 0
        ? await this.#declaredIn(files, flags.recursive, choice)
        : await chosenNames(client, choice);
    if (names.length === 0 && process.exitCode === undefined) note('No resources found');
    const uids = new Map<string, string>();
    await this.each(names, async (name) => {
      const uid = await this.#delete(client, name, dryRun, flags['ignore-not-found']);
      if (uid !== undefined) uids.set(name, uid);
    });
    if (flags.wait && !dryRun) await this.#wait(client, uids, timeoutMs);
  }

  async #declaredIn(
    files: readonly string[],
    recursive: boolean,
    {
      args,
      selector,
      all,
    }: { args: readonly string[]; selector: string | undefined; all: boolean },
  ): Promise<readonly string[]> {
    if (args.length > 0 || selector !== undefined || all)
      throw new RegistrarError(
        'BAD_REQUEST',
        'Give files, or name modules, or choose them with -l or --all',
      );
    const { modules, problems } = await readModules(await readSources(files, { recursive }));
    for (const problem of problems) this.reportText(problem);
    return modules.map(({ name }) => name);
  }

  /** uid of what was deleted; undefined when it did not exist and that is fine. */
  async #delete(
    client: Client,
    name: string,
    dryRun: boolean,
    ignoreMissing: boolean,
  ): Promise<string | undefined> {
    try {
      const uid = await deleteModule(client, name, { dryRun });
      print(`${MODULE.singular}.${MODULE.group} "${name}" deleted${dryRunSuffix(dryRun)}`);
      return uid;
    } catch (error) {
      if (ignoreMissing && isServerError(error, 404)) return undefined;
      throw error;
    }
  }

  async #wait(client: Client, uids: ReadonlyMap<string, string>, timeoutMs: number): Promise<void> {
    await withProgress('Waiting for containers to stop', (report) =>
      waitFor(client, [...uids.keys()], untilDeleted(uids), {
        timeoutMs,
        onWaiting: (left) => report(`Waiting for the containers of ${left.join(', ')} to stop`),
      }),
    );
  }
}
