import { LocalCommand } from '../client/base-command.js';
import { print } from '../client/terminal.js';

export default class Schema extends LocalCommand {
  static override summary = 'Prints the JSON Schema of manifests, for editors';
  static override description = 'Needs no server.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> > module.schema.json',
    "<%= config.bin %> <%= command.id %> | jq '.properties.spec.required'",
  ];

  async run(): Promise<void> {
    await this.parse(Schema);
    const { publishedSchema } = await import('../manifest/json-schema.js');
    print(JSON.stringify(publishedSchema(), null, 2));
  }
}
