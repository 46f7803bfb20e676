import { string } from '@oclif/core/flags';
import { LocalCommand } from '../client/base-command.js';
import type { PublishedKind } from '../manifest/json-schema.js';
import { print } from '../client/terminal.js';

export default class Schema extends LocalCommand {
  static override summary = 'Prints the JSON Schema of manifests, for editors';
  static override description = 'Needs no server.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> > module.schema.json',
    '<%= config.bin %> <%= command.id %> --kind ModuleSet > module-set.schema.json',
  ];
  static override flags = {
    kind: string({
      default: 'Module',
      options: ['Module', 'ModuleSet'],
      summary: 'Kind of the manifests',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Schema);
    const { publishedSchema } = await import('../manifest/json-schema.js');
    print(JSON.stringify(publishedSchema(flags.kind as PublishedKind), null, 2));
  }
}
