import { boolean } from '@oclif/core/flags';
import { applyManifest } from '../client/apply.js';
import { ServerCommand } from '../client/base-command.js';
import { explainError, readModules } from '../client/documents.js';
import type { Declared } from '../client/documents.js';
import {
  dryRunFlag,
  dryRunSuffix,
  durationMsOf,
  filenameFlags,
  selectorFlag,
  timeoutFlag,
} from '../client/flags.js';
import type { Client } from '../client/http.js';
import { fullName } from '../client/names.js';
import { withProgress } from '../client/progress.js';
import { prune } from '../client/prune.js';
import { ServerError } from '../client/server-error.js';
import { readSources } from '../client/sources.js';
import { print } from '../client/terminal.js';
import { untilSettled, waitFor } from '../client/wait.js';
import { RegistrarError } from '../model/errors.js';

export default class Apply extends ServerCommand {
  static override summary = 'Creates modules or brings them to their manifests';
  static override description =
    'Sets what the manifests say, removes what they said the last time and do not say any more, and ' +
    'leaves what others set. Goes on after a manifest that is refused and fails in the end.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -f miner.yaml --wait',
    '<%= config.bin %> <%= command.id %> -f - --dry-run server < miner.yaml',
  ];
  static override usage = '<%= command.id %> -f PATH...';
  static override flags = {
    ...filenameFlags,
    'dry-run': dryRunFlag,
    wait: boolean({ summary: 'Wait until the modules are Ready' }),
    timeout: timeoutFlag('5m', 'How long --wait waits; 0 for ever'),
    prune: boolean({
      dependsOn: ['selector'],
      summary: 'Delete modules of the selector that were applied before and are in no manifest now',
    }),
    selector: selectorFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Apply);
    const dryRun = flags['dry-run'] === 'server';
    const timeoutMs = durationMsOf('--timeout', flags.timeout);
    const sources = await readSources(flags.filename ?? [], flags);
    const { modules, problems } = await readModules(sources);
    for (const problem of problems) this.reportText(problem);
    if (modules.length === 0 && problems.length === 0)
      throw new RegistrarError(
        'BAD_REQUEST',
        'No objects passed to apply; name a manifest with -f',
      );

    const client = await this.connect(flags);
    const applied = await this.#applyAll(client, modules, dryRun);
    if (flags.prune && process.exitCode === undefined)
      await this.#prune(client, flags.selector ?? '', applied, dryRun);
    if (flags.wait && !dryRun) await this.#wait(client, applied, timeoutMs);
  }

  /** The names of the modules that were applied. */
  async #applyAll(
    client: Client,
    modules: readonly Declared[],
    dryRun: boolean,
  ): Promise<ReadonlySet<string>> {
    const applied = new Set<string>();
    for (const declared of modules) {
      try {
        const { module, verb } = await applyManifest(client, declared.name, declared.manifest, {
          dryRun,
        });
        applied.add(module.metadata.name);
        print(`${fullName(module.metadata.name)} ${verb}${dryRunSuffix(dryRun)}`);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        this.#explain(declared, error);
      }
    }
    return applied;
  }

  #explain(declared: Declared, error: ServerError): void {
    const lines = explainError(declared, error);
    if (lines) return this.reportText(lines.join('\n'));
    this.report(error);
  }

  async #prune(
    client: Client,
    selector: string,
    applied: ReadonlySet<string>,
    dryRun: boolean,
  ): Promise<void> {
    for await (const name of prune(client, selector, applied, { dryRun }))
      print(`${fullName(name)} pruned${dryRunSuffix(dryRun)}`);
  }

  async #wait(client: Client, names: ReadonlySet<string>, timeoutMs: number): Promise<void> {
    await withProgress('Waiting for modules to become ready', (report) =>
      waitFor(client, [...names], untilSettled, {
        timeoutMs,
        onWaiting: (left) => report(`Waiting for ${left.join(', ')}`),
      }),
    );
    for (const name of names) print(`${fullName(name)} condition met`);
  }
}
