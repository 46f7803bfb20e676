import { boolean, string } from '@oclif/core/flags';
import { applyManifest, applyOnServer } from '../client/apply.js';
import type { Applied } from '../client/apply.js';
import { ServerCommand } from '../client/base-command.js';
import { explainError, inApplyOrder, readDeclared } from '../client/documents.js';
import type { DeclaredObject } from '../client/documents.js';
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
import { prune } from '../client/prune.js';
import { qualifiedName } from '../client/resource.js';
import { untilRolledOut } from '../client/rollouts/follow.js';
import { ServerError } from '../client/server-error.js';
import { readSources } from '../client/sources.js';
import { note, print } from '../client/terminal.js';
import { waitFor } from '../client/wait.js';
import { RegistrarError } from '../model/errors.js';
import { MODULE } from '../model/kinds.js';
import { CLI_MANAGER } from '../model/names.js';

const HOW_TO_SETTLE =
  'Take the fields over with --force-conflicts, leave them out of the manifest, or give them the values that they have';

export default class Apply extends ServerCommand {
  static override summary = 'Creates modules, sets and policies or brings them to their manifests';
  static override description =
    'Sets what the manifests say, removes what they said the last time and do not say any more, and ' +
    'leaves what others set. Secrets and policies come before modules. Goes on after a manifest that ' +
    'is refused and fails in the end.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -f miner.yaml --wait',
    '<%= config.bin %> <%= command.id %> -f - --dry-run server < miner.yaml',
  ];
  static override usage = '<%= command.id %> -f PATH...';
  static override flags = {
    ...filenameFlags,
    'dry-run': dryRunFlag,
    wait: boolean({
      summary: 'Follow the rollouts until the modules are Ready; fail when one fails or goes back',
    }),
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
    const { objects, problems } = await readDeclared(sources);
    for (const problem of problems) this.reportText(problem);
    if (objects.length === 0 && problems.length === 0)
      throw new RegistrarError(
        'BAD_REQUEST',
        'No objects passed to apply; name a manifest with -f',
      );

    const client = await this.connect(flags);
    const apply = flags['server-side']
      ? (declared: DeclaredObject) =>
          applyOnServer(client, declared, {
            ...{ dryRun, force: flags['force-conflicts'], fieldManager: flags['field-manager'] },
          })
      : (declared: DeclaredObject) => applyManifest(client, declared, { dryRun });
    const applied = await this.#applyAll(inApplyOrder(objects), apply, dryRun);
    if (flags.prune && process.exitCode === undefined)
      await this.#prune(client, flags.selector ?? '', applied, dryRun);
    if (flags.wait && !dryRun) await this.#wait(client, applied, timeoutMs);
  }

  /** The names of the modules that were applied. */
  async #applyAll(
    objects: readonly DeclaredObject[],
    apply: (declared: DeclaredObject) => Promise<Applied>,
    dryRun: boolean,
  ): Promise<ReadonlySet<string>> {
    const applied = new Set<string>();
    for (const declared of objects) {
      const { kind, name } = declared;
      try {
        const { verb } = await apply(declared);
        if (kind === MODULE) applied.add(name);
        print(`${qualifiedName(kind, name)} ${verb}${dryRunSuffix(dryRun)}`);
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        this.#explain(declared, error);
      }
    }
    return applied;
  }

  #explain(declared: DeclaredObject, error: ServerError): void {
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
    await waitFor(client, [...names], untilRolledOut(client, note), { timeoutMs });
    for (const name of names) print(`${fullName(name)} condition met`);
  }
}
