import { boolean } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { readDeclared } from '../client/documents.js';
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
import { deleteObject } from '../client/objects.js';
import { withProgress } from '../client/progress.js';
import { appliedNames } from '../client/resource.js';
import { chosenObjects } from '../client/select.js';
import type { Choice } from '../client/select.js';
import { isServerError } from '../client/server-error.js';
import { readSources } from '../client/sources.js';
import { note, print } from '../client/terminal.js';
import { untilDeleted, waitFor } from '../client/wait.js';
import { RegistrarError } from '../model/errors.js';
import { resourceOf } from '../model/kinds.js';
import type { AppliedKey } from '../model/kinds.js';

export default class Delete extends ServerCommand {
  static override summary = 'Deletes modules with their containers, sets, or policies';
  static override description =
    'Named volumes stay. What is declared in the config directory is deleted by removing it from ' +
    'its file. A module that others need stays unless they go with it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -f miner.yaml --ignore-not-found',
    '<%= config.bin %> <%= command.id %> chain-node --cascade',
  ];
  static override usage = '<%= command.id %> [KIND] NAME... | -f PATH | -l LABELS | --all';
  static override strict = false;
  static override args = {
    name: nameArg('Names, or a kind and names; modules when no kind is given'),
  };
  static override flags = {
    ...filenameFlags,
    selector: selectorFlag,
    all: boolean({ summary: 'Delete all modules, or all of the kind given' }),
    cascade: boolean({ summary: 'Delete what needs them as well, and before them' }),
    wait: boolean({
      default: true,
      allowNo: true,
      summary: 'Wait until the modules and their containers are gone',
    }),
    timeout: timeoutFlag('0', 'How long to wait; 0 for ever'),
    'ignore-not-found': boolean({ summary: 'Count what does not exist as deleted' }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Delete);
    const dryRun = flags['dry-run'] === 'server';
    const timeoutMs = durationMsOf('--timeout', flags.timeout);
    const files = flags.filename ?? [];
    const choice = { args: argv as string[], selector: flags.selector, all: flags.all };
    const client = await this.connect(flags);
    const objects =
      files.length > 0
        ? await this.#declaredIn(files, flags.recursive, choice)
        : await this.#chosen(client, choice);
    if (objects.length === 0 && process.exitCode === undefined) note('No resources found');
    const uids = new Map<string, string>();
    const options = { dryRun, cascade: flags.cascade };
    await this.each(
      objects,
      async (object) => {
        const uid = await this.#delete(client, object, options, flags['ignore-not-found']);
        // Only modules take time to go.
        if (uid !== undefined && object.kind === 'Module') uids.set(object.name, uid);
      },
      // What needs it may be among the others.
      (error) => isServerError(error, 409),
    );
    if (flags.wait && !dryRun) await this.#wait(client, uids, timeoutMs);
  }

  async #declaredIn(
    files: readonly string[],
    recursive: boolean,
    { args, selector, all }: Choice,
  ): Promise<readonly AppliedKey[]> {
    if (args.length > 0 || selector !== undefined || all)
      throw new RegistrarError('BAD_REQUEST', 'Give files, or names, or choose with -l or --all');
    const { objects, problems } = await readDeclared(await readSources(files, { recursive }));
    for (const problem of problems) this.reportText(problem);
    return objects.map(({ kind, name }) => ({ kind: kind.kind, name }));
  }

  async #chosen(client: Client, choice: Choice): Promise<readonly AppliedKey[]> {
    const { kind, names } = await chosenObjects(client, choice);
    return names.map((name) => ({ kind, name }));
  }

  /** uid of what was deleted; undefined when it did not exist and that is fine. */
  async #delete(
    client: Client,
    { kind, name }: AppliedKey,
    options: { readonly dryRun: boolean; readonly cascade: boolean },
    ignoreMissing: boolean,
  ): Promise<string | undefined> {
    try {
      const names = appliedNames(kind);
      const uid = await deleteObject(client, names, name, options);
      const { singular: plural, group } = names;
      print(`${resourceOf({ plural, group })} "${name}" deleted${dryRunSuffix(options.dryRun)}`);
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
