import { boolean, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { configWarnings, getConfig } from '../client/config.js';
import { nameArg, selectorFlag } from '../client/flags.js';
import { findObjects } from '../client/get.js';
import type { Found } from '../client/get.js';
import type { Client } from '../client/http.js';
import { parseTargets } from '../client/names.js';
import { safeText, note, print, warn } from '../client/terminal.js';
import { printerFor } from '../client/render/printer.js';
import type { Format, Printer } from '../client/render/printer.js';
import { watchFrom } from '../client/watch.js';

export default class Get extends ServerCommand {
  static override summary = 'Shows modules or events in a table, or as JSON or YAML';
  static override description = 'Warns about files of the config directory that cannot be used.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -l subnet=17 -o wide',
    '<%= config.bin %> <%= command.id %> module/echo-miner -o yaml',
  ];
  static override usage = '<%= command.id %> [modules|events] [NAME...]';
  static override strict = false;
  static override args = {
    name: nameArg('Names, or a kind and names; all modules when not given'),
  };
  static override flags = {
    output: string({
      char: 'o',
      options: ['wide', 'json', 'yaml', 'name'],
      summary: 'Format; a table when not given',
    }),
    watch: boolean({ char: 'w', summary: 'Go on and show each change as it happens' }),
    selector: selectorFlag,
    'no-headers': boolean({ summary: 'Leave out the line with the titles of the columns' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Get);
    const targets = parseTargets(argv as string[]);
    const printer = printerFor(targets.kind, (flags.output ?? 'table') as Format, {
      headers: !flags['no-headers'],
    });
    const client = await this.connect(flags);
    const [found] = await Promise.all([
      findObjects(client, targets, flags.selector),
      targets.names.length === 0 ? this.#warn(client) : undefined,
    ]);
    for (const error of found.errors) this.report(error);
    await this.#show(found, printer);
    if (flags.watch && found.errors.length === 0) await this.#watch(client, found, printer);
  }

  async #show({ items, isSingle, errors }: Found, printer: Printer): Promise<void> {
    if (items.length === 0 && errors.length > 0) return;
    const text = await printer.page(items, isSingle);
    if (text === '') return note('No resources found');
    print(text);
  }

  async #watch(client: Client, found: Found, printer: Printer): Promise<void> {
    const forever = new AbortController().signal;
    const { path, selection, resourceVersion } = found;
    for await (const { object } of watchFrom<(typeof found.items)[number]>(
      client,
      path,
      selection,
      resourceVersion,
      forever,
    ))
      if (found.includes(object)) print(await printer.one(object));
  }

  /** What is wrong with the config directory must be seen, but must not keep from seeing modules. */
  async #warn(client: Client): Promise<void> {
    const report = await getConfig(client).catch(() => undefined);
    if (report) configWarnings(report).forEach((text) => warn(safeText(text)));
  }
}
