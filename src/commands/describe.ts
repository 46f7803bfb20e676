import { ServerCommand } from '../client/base-command.js';
import { nameArg, selectorFlag } from '../client/flags.js';
import { findAll, findEvents } from '../client/get.js';
import type { Found } from '../client/get.js';
import type { AnyObject } from '../client/answers.js';
import type { Client } from '../client/http.js';
import { renderDescription } from '../client/render/describe-module.js';
import { renderObject } from '../client/render/describe-object.js';
import { getReport } from '../client/modules.js';
import { listReceipts } from '../client/rollouts/records.js';
import { MODULES } from '../client/resource.js';
import { resolveTargets } from '../client/targets.js';
import { note, print } from '../client/terminal.js';
import type { Module } from '../model/module.js';

export default class Describe extends ServerCommand {
  static override summary = 'Tells all about objects, with what happened to them lately';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner',
    '<%= config.bin %> <%= command.id %> pod/echo-miner-0',
  ];
  static override usage = '<%= command.id %> [KIND] [NAME...]';
  static override strict = false;
  static override args = {
    name: nameArg('Names, or a kind and names; all modules when not given'),
  };
  static override flags = { selector: selectorFlag };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Describe);
    const { selector: labelSelector } = flags;
    const client = await this.connect(flags);
    const targets = await resolveTargets(client, argv as string[], labelSelector !== undefined);
    const found = await findAll(client, targets, {
      ...{ labelSelector, fieldSelector: undefined, asTable: false, withObjects: true },
    });
    for (const error of found.flatMap(({ errors }) => errors)) this.report(error);
    const objects = found.flatMap((one) => one.entries.map(({ object }) => ({ ...one, object })));
    if (objects.length === 0 && targets.names.length === 0) note('No resources found');
    let separator = '';
    await this.each(objects, async ({ resource, object }) => {
      print(separator + (await describe(client, resource, object)));
      separator = '\n\n';
    });
  }
}

/** Of modules more is known than of other kinds. */
async function describe(
  client: Client,
  resource: Found['resource'],
  object: AnyObject,
): Promise<string> {
  const { name, uid = '' } = object.metadata;
  const about = [`kind=${resource.kind}`, `name=${name}`, `uid=${uid}`];
  const events = await findEvents(client, about.map((term) => `involvedObject.${term}`).join(','));
  return resource === MODULES
    ? renderDescription(object as AnyObject & Module, {
        ...{ events, report: await getReport(client, name) },
        receipts: await listReceipts(client, name),
        now: Date.now(),
      })
    : renderObject(object, events);
}
