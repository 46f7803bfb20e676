import { boolean, option, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { EVENTS_PATH, listEvents } from '../client/modules.js';
import { moduleNames } from '../client/names.js';
import { EVENT_HEADER, eventRow, sortEvents } from '../client/render/events.js';
import { columns } from '../client/render/table.js';
import { note, print } from '../client/terminal.js';
import { watchFrom } from '../client/watch.js';
import type { Event } from '../model/event.js';

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
    const selection = { fieldSelector: selectorOf(flags.for, flags.types) };
    const client = await this.connect(flags);
    const { items, metadata } = await listEvents(client, selection);
    const layout = columns();
    const show = (event: Event) => print(layout.lines([eventRow(event, Date.now())]).join('\n'));
    if (items.length === 0) note('No resources found');
    else {
      const rows = sortEvents(items).map((event) => eventRow(event, Date.now()));
      print(layout.lines([EVENT_HEADER, ...rows]).join('\n'));
    }
    if (!flags.watch) return;
    const { signal } = new AbortController();
    const since = metadata.resourceVersion;
    for await (const { type, object } of watchFrom<Event>(
      client,
      EVENTS_PATH,
      selection,
      since,
      signal,
    ))
      if (type !== 'DELETED') show(object);
  }
}
