import { afterApply, changesOf, metadataChanges } from '../client/apply.js';
import { ServerCommand } from '../client/base-command.js';
import { explainError, readDeclared } from '../client/documents.js';
import type { DeclaredObject } from '../client/documents.js';
import { filenameFlags } from '../client/flags.js';
import type { Client } from '../client/http.js';
import { planModule } from '../client/modules.js';
import { findObject } from '../client/objects.js';
import type { LiveObject } from '../client/objects.js';
import { isEmptyPlan, renderPlan, UP_TO_DATE } from '../client/render/plan.js';
import { ServerError } from '../client/server-error.js';
import { readSources } from '../client/sources.js';
import { hasColour, print, printStyled } from '../client/terminal.js';
import type { PlanPreview } from '../controller/operations.js';
import { RegistrarError } from '../model/errors.js';
import { MODULE } from '../model/kinds.js';

export default class Diff extends ServerCommand {
  static override summary = 'Shows what applying manifests would change, and why';
  static override description =
    'Exits with 0 when nothing would change, with 1 when something would, and with 2 when that ' +
    'cannot be told.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -f miner.yaml',
    '<%= config.bin %> <%= command.id %> -R -f manifests/',
  ];
  static override usage = '<%= command.id %> -f PATH...';
  static override flags = filenameFlags;

  protected override readonly failureCode = 2;

  async run(): Promise<void> {
    const { flags } = await this.parse(Diff);
    const { objects, problems } = await readDeclared(
      await readSources(flags.filename ?? [], flags),
    );
    for (const problem of problems) this.reportText(problem);
    if (objects.length === 0 && problems.length === 0)
      throw new RegistrarError(
        'BAD_REQUEST',
        'There is nothing to compare; name a manifest with -f',
      );

    const client = await this.connect(flags);
    let differs = false;
    for (const declared of objects) differs = (await this.#show(client, declared)) || differs;
    if (process.exitCode !== undefined) return;
    if (differs) process.exitCode = 1;
    else print(UP_TO_DATE);
  }

  /** True when the object would change. */
  async #show(client: Client, declared: DeclaredObject): Promise<boolean> {
    try {
      const { kind, name } = declared;
      const live = await findObject(client, kind, name);
      const plan = await planOf(client, declared, live);
      if (live && isEmptyPlan(plan)) return false;
      printStyled(renderPlan({ kind: kind.singular, name }, live !== undefined, plan, hasColour()));
      return true;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const lines = explainError(declared, error);
      if (lines) this.reportText(lines.join('\n'));
      else this.report(error);
      return false;
    }
  }
}

/** What would be done, for modules, and the fields that would change. */
async function planOf(
  client: Client,
  declared: DeclaredObject,
  live: LiveObject | undefined,
): Promise<PlanPreview> {
  const { kind, name, manifest } = declared;
  if (kind !== MODULE) return { actions: [], changes: await changesOf(client, declared, live) };
  const after = afterApply(live, manifest);
  const plan = await planModule(client, name, after);
  return { ...plan, changes: [...(live ? metadataChanges(live, after) : []), ...plan.changes] };
}
