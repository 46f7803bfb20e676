import { boolean, string } from '@oclif/core/flags';
import { applyManifest, applyOnServer } from '../client/apply.js';
import type { Applied } from '../client/apply.js';
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
import { CLI_MANAGER } from '../model/names.js';

const HOW_TO_SETTLE =
  'Take the fields over with --force-conflicts, leave them out of the manifest, or give them the values that they have';

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
    'server-side': boolean({
      exclusive: ['prune'],
      summary: 'Let the server apply: it keeps who set which field, and tells of conflicts',
    }),
    'force-conflicts': boolean({
      dependsOn: ['server-side'],
      summary: 'Take fields over that others have set',
    }),
    'field-manager': string({
      default: CLI_MANAGER,
      helpValue: '<name>',
      summary: 'Whom --server-side puts the fields down to',
    }),
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
    const apply = flags['server-side']
      ? ({ name, manifest }: Declared) =>
          applyOnServer(client, name, manifest, {
            ...{ dryRun, force: flags['force-conflicts'], fieldManager: flags['field-manager'] },
          })
      : ({ name, manifest }: Declared) => applyManifest(client, name, manifest, { dryRun });
    const applied = await this.#applyAll(modules, apply, dryRun);
    if (flags.prune && process.exitCode === undefined)
      await this.#prune(client, flags.selector ?? '', applied, dryRun);
    if (flags.wait && !dryRun) await this.#wait(client, applied, timeoutMs);
  }

  /** The names of the modules that were applied. */
  async #applyAll(
    modules: readonly Declared[],
    apply: (declared: Declared) => Promise<Applied>,
    dryRun: boolean,
  ): Promise<ReadonlySet<string>> {
    const applied = new Set<string>();
    for (const declared of modules) {
      try {
        const { module, verb } = await apply(declared);
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
    const isConflict = error.details.causes?.some(
      ({ reason }) => reason === 'FieldManagerConflict',
    );
    if (isConflict) return this.reportText(`error: ${error.message}\n${HOW_TO_SETTLE}`);
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
