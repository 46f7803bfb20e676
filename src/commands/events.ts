import { boolean, option, string } from '@oclif/core/flags';
import { readAnswer } from '../client/answers.js';
import type { AnyObject } from '../client/answers.js';
import { ServerCommand } from '../client/base-command.js';
import { findEvents } from '../client/get.js';
import { moduleNames } from '../client/names.js';
import { ObjectTable, PLAIN_TABLE } from '../client/render/object-table.js';
import { note, print } from '../client/terminal.js';
import { watchFrom } from '../client/watch.js';

/** The field selector for the events about one module, of one type; undefined for all. */
function selectorOf(about: string | undefined, type: string | undefined): string | undefined {
  const [name] = about === undefined ? [] : moduleNames([about]);
  const terms = [
    ...(name === undefined ? [] : ['involvedObject.kind=Module', `involvedObject.name=${name}`]),
    ...(type === undefined ? [] : [`type=${type}`]),
  ];
  return terms.length === 0 ? undefined : terms.join(',');
}

export default class Events extends ServerCommand {
  static override summary = 'Lists what happened, oldest first';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --for module/echo-miner',
    '<%= config.bin %> <%= command.id %> --types Warning --watch',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    for: string({ helpValue: '<module/NAME>', summary: 'Only events about this module' }),
    types: option({ options: ['Normal', 'Warning'] as const })({
      summary: 'Only events of this type',
    }),
    watch: boolean({ char: 'w', summary: 'Go on and show each event as it happens' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Events);
    const client = await this.connect(flags);
    const found = await findEvents(client, selectorOf(flags.for, flags.types));
    const table = new ObjectTable(found, PLAIN_TABLE);
    if (found.entries.length === 0) note('No resources found');
    else print(table.lines(found.entries));
    if (!flags.watch) return;
    const { signal } = new AbortController();
    const { request, resourceVersion } = found;
    for await (const event of watchFrom<AnyObject>(client, request, resourceVersion, signal)) {
      if (event.type !== 'DELETED') print(table.lines(readAnswer(event.object).entries));
    }
  }
}
