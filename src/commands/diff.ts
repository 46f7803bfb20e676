import { afterApply, findModule, metadataChanges } from '../client/apply.js';
import { ServerCommand } from '../client/base-command.js';
import { explainError, readModules } from '../client/documents.js';
import type { Declared } from '../client/documents.js';
import { filenameFlags } from '../client/flags.js';
import type { Client } from '../client/http.js';
import { planModule } from '../client/modules.js';
import { isEmptyPlan, renderPlan, UP_TO_DATE } from '../client/render/plan.js';
import { ServerError } from '../client/server-error.js';
import { readSources } from '../client/sources.js';
import { hasColour, print, printStyled } from '../client/terminal.js';
import { RegistrarError } from '../model/errors.js';

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
    const { modules, problems } = await readModules(await readSources(flags.filename ?? [], flags));
    for (const problem of problems) this.reportText(problem);
    if (modules.length === 0 && problems.length === 0)
      throw new RegistrarError(
        'BAD_REQUEST',
        'There is nothing to compare; name a manifest with -f',
      );

    const client = await this.connect(flags);
    let differs = false;
    for (const declared of modules) differs = (await this.#show(client, declared)) || differs;
    if (process.exitCode !== undefined) return;
    if (differs) process.exitCode = 1;
    else print(UP_TO_DATE);
  }

  /** True when the module would change. */
  async #show(client: Client, { name, manifest, ...declared }: Declared): Promise<boolean> {
    try {
      const live = await findModule(client, name);
      const after = afterApply(live, manifest);
      const plan = await planModule(client, name, after);
      const changes = [...(live ? metadataChanges(live, after) : []), ...plan.changes];
      if (live && isEmptyPlan({ ...plan, changes })) return false;
      printStyled(renderPlan(name, live !== undefined, { ...plan, changes }, hasColour()));
      return true;
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const lines = explainError({ name, manifest, ...declared }, error);
      if (lines) this.reportText(lines.join('\n'));
      else this.report(error);
      return false;
    }
  }
}
