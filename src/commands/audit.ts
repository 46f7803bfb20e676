import { boolean, string } from '@oclif/core/flags';
import { listAudit, verifyAudit } from '../client/audit.js';
import { ServerCommand } from '../client/base-command.js';
import { countOf, durationMsOf } from '../client/flags.js';
import type { Client } from '../client/http.js';
import { auditTable, verdictText } from '../client/render/audit.js';
import { listOf, renderDocument } from '../client/render/document.js';
import { table } from '../client/render/table.js';
import { note, print } from '../client/terminal.js';

export default class Audit extends ServerCommand {
  static override summary = 'Shows who changed what, and what was refused, newest first';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 1h --denied',
    '<%= config.bin %> <%= command.id %> --verify',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    user: string({ helpValue: '<name>', summary: 'Only what this user asked for' }),
    verb: string({ helpValue: '<verb>', summary: 'Only this verb, such as create or delete' }),
    resource: string({
      helpValue: '<resource>',
      summary: 'Only this resource, such as modules or tokens',
    }),
    name: string({ helpValue: '<name>', summary: 'Only objects of this name' }),
    denied: boolean({
      exclusive: ['refused'],
      summary: 'Only what the user was not allowed to do',
    }),
    refused: boolean({ summary: 'Only what failed, for whatever reason' }),
    since: string({ helpValue: '<duration>', summary: 'Only the last 30m, 24h and so on' }),
    limit: string({ default: '100', helpValue: '<count>', summary: 'Most lines; 0 for all' }),
    output: string({ char: 'o', options: ['json', 'yaml', 'wide'], summary: 'Format of output' }),
    verify: boolean({
      exclusive: ['user', 'verb', 'resource', 'name', 'denied', 'refused', 'since', 'output'],
      summary: 'Check that no line was changed or removed, and exit with 1 when one was',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Audit);
    const client = await this.connect(flags);
    if (flags.verify) return this.verify(client);
    const { user, verb, resource, name, since } = flags;
    const sinceMs = since === undefined ? undefined : durationMsOf('--since', since);
    const lines = await listAudit(
      client,
      {
        ...{ user, verb, resource, name },
        result: flags.denied ? 'denied' : flags.refused ? 'refused' : undefined,
        sinceSeconds: sinceMs === undefined ? undefined : Math.ceil(sinceMs / 1000),
      },
      countOf('--limit', flags.limit),
    );
    if (flags.output === 'json' || flags.output === 'yaml') {
      return print(await renderDocument(listOf(lines), flags.output));
    }
    if (lines.length === 0) return note('No lines found');
    print(table(auditTable(lines, flags.output === 'wide')));
  }

  private async verify(client: Client): Promise<void> {
    const verdict = await verifyAudit(client);
    if (verdict.ok) return print(verdictText(verdict));
    this.reportText(verdictText(verdict));
  }
}
