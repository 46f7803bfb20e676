import { option } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { nameArg } from '../client/flags.js';
import type { Graph } from '../client/graph.js';
import { listModules } from '../client/modules.js';
import { moduleNames } from '../client/names.js';
import { graphDot, graphText } from '../client/render/graph.js';
import { renderDocument } from '../client/render/document.js';
import { note, print } from '../client/terminal.js';
import { RegistrarError } from '../model/errors.js';

const FORMATS = {
  text: graphText,
  dot: graphDot,
  json: (graph: Graph) => renderDocument({ kind: 'Graph', ...graph }, 'json'),
} as const;

export default class ShowGraph extends ServerCommand {
  static override summary = 'Shows which modules need which, and what is missing';
  static override description =
    'With a name only what it needs and what needs it, through others too. In json the modules are ' +
    'in the order in which they start; dot is for Graphviz.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> chain-node -o dot | dot -Tsvg > graph.svg',
  ];
  static override usage = '<%= command.id %> [NAME]';
  static override strict = false;
  static override args = { name: nameArg('Name of a module; all when not given') };
  static override flags = {
    output: option({ char: 'o', options: ['text', 'dot', 'json'] as const, default: 'text' })({
      summary: 'Format',
    }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(ShowGraph);
    const [name, ...more] = argv.length === 0 ? [] : moduleNames(argv as string[]);
    if (more.length > 0)
      throw new RegistrarError('BAD_REQUEST', 'A graph is of one module, or of all');
    const client = await this.connect(flags);
    const { items } = await listModules(client, {});
    // Ranges of versions take a moment to load.
    const { graphOf } = await import('../client/graph.js');
    const graph = graphOf(items, name);
    if (graph.modules.length === 0) note('No resources found');
    else print(await FORMATS[flags.output](graph));
  }
}
