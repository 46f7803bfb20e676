import { boolean, option, string } from '@oclif/core/flags';
import { readAnswer } from '../client/answers.js';
import type { AnyObject } from '../client/answers.js';
import { ServerCommand } from '../client/base-command.js';
import { configWarnings, getConfig } from '../client/config.js';
import { nameArg, selectorFlag } from '../client/flags.js';
import { findAll } from '../client/get.js';
import type { Found } from '../client/get.js';
import type { Client } from '../client/http.js';
import type { TableOptions } from '../client/render/object-table.js';
import { FORMATS, isTable, printerFor } from '../client/render/printer.js';
import type { Format, Printer } from '../client/render/printer.js';
import { MODULES } from '../client/resource.js';
import { inOrder, parseSortField } from '../client/sort.js';
import { resolveTargets } from '../client/targets.js';
import type { Targets } from '../client/targets.js';
import { note, print, safeText, warn } from '../client/terminal.js';
import { watchFrom } from '../client/watch.js';
import { RegistrarError } from '../model/errors.js';

export default class Get extends ServerCommand {
  static override summary = 'Shows objects of any kind in a table, or as JSON or YAML';
  static override description =
    'Without a kind, modules. "registrar api-resources" lists the kinds. Warns about files of the ' +
    'config directory that cannot be used.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -l subnet=17 -o wide',
    '<%= config.bin %> <%= command.id %> pod/echo-miner-0 -o yaml',
  ];
  static override usage = '<%= command.id %> [KIND[,KIND...]] [NAME...]';
  static override strict = false;
  static override args = {
    name: nameArg('Names, or a kind and names; all modules when not given'),
  };
  static override flags = {
    output: option({ char: 'o', options: FORMATS })({
      summary: 'Format; a table when not given',
    }),
    watch: boolean({ char: 'w', summary: 'Go on and show each change as it happens' }),
    selector: selectorFlag,
    'field-selector': string({
      helpValue: '<fields>',
      summary: 'Field selector, such as status.phase!=Running',
    }),
    'sort-by': string({ helpValue: '<field>', summary: 'Field to sort by, such as .spec.version' }),
    'label-columns': string({
      char: 'L',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<label>',
      summary: 'A column for a label; may be repeated',
    }),
    'show-labels': boolean({ summary: 'A column with all labels' }),
    'no-headers': boolean({ summary: 'Leave out the line with the titles of the columns' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Get);
    const { selector: labelSelector, 'field-selector': fieldSelector, output } = flags;
    const sortField = flags['sort-by'] === undefined ? undefined : parseSortField(flags['sort-by']);
    const client = await this.connect(flags);
    const isSelected = labelSelector !== undefined || fieldSelector !== undefined;
    const targets = await resolveTargets(client, argv as string[], isSelected);
    const wanted = { labelSelector, fieldSelector, asTable: isTable(output) };
    const [found] = await Promise.all([
      findAll(client, targets, { ...wanted, withObjects: sortField !== undefined }),
      this.#warn(client, targets),
    ]);
    if (flags.watch) refuseSeveral(found);
    const printer = printerFor(output, tableOptions(flags, found));
    const errors = found.flatMap((one) => one.errors);
    for (const error of errors) this.report(error);
    await this.#show(found, printer, sortField);
    if (flags.watch && errors.length === 0) await this.#watch(client, found, printer);
  }

  async #show(
    found: readonly Found[],
    printer: Printer,
    sortField: readonly string[] | undefined,
  ): Promise<void> {
    const isEmpty = found.every(({ entries }) => entries.length === 0);
    if (isEmpty && found.some(({ errors }) => errors.length > 0)) return;
    const sorted = found.map((one) => ({
      ...one,
      entries: inOrder(one.entries, one.resource, sortField),
    }));
    const text = await printer.page(sorted, found.length === 1 && found[0]?.isSingle === true);
    if (text === '') return note('No resources found');
    print(text);
  }

  async #watch(client: Client, [found]: readonly Found[], printer: Printer): Promise<void> {
    if (found === undefined) return;
    const forever = new AbortController().signal;
    const { request, resourceVersion } = found;
    for await (const event of watchFrom<AnyObject>(client, request, resourceVersion, forever)) {
      for (const entry of readAnswer(event.object).entries) {
        if (found.includes(entry)) print(await printer.one(entry));
      }
    }
  }

  /** What is wrong with the config directory must be seen, but must not keep from seeing modules. */
  async #warn(client: Client, { resources, names }: Targets): Promise<void> {
    if (names.length > 0 || !resources.includes(MODULES)) return;
    const report = await getConfig(client).catch(() => undefined);
    if (report) configWarnings(report).forEach((text) => warn(safeText(text)));
  }
}

interface TableFlags {
  readonly output: Format;
  readonly 'no-headers': boolean;
  readonly 'label-columns': readonly string[] | undefined;
  readonly 'show-labels': boolean;
}

const tableOptions = (flags: TableFlags, found: readonly Found[]): TableOptions => ({
  wide: flags.output === 'wide',
  headers: !flags['no-headers'],
  labels: (flags['label-columns'] ?? []).flatMap((text) => text.split(',')),
  showLabels: flags['show-labels'],
  withKind: found.length > 1,
});

function refuseSeveral(found: readonly Found[]): void {
  if (found.length < 2) return;
  throw new RegistrarError('BAD_REQUEST', 'Can watch one kind only; ask for one of them');
}
