import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { boolean, string } from '@oclif/core/flags';
import { ServerCommand } from '../client/base-command.js';
import { newKubeconfig } from '../client/kubeconfig/entries.js';
import type { KubeconfigEntries } from '../client/kubeconfig/entries.js';
import { gatherEntries } from '../client/kubeconfig/gather.js';
import { note, print } from '../client/terminal.js';

export default class Kubeconfig extends ServerCommand {
  static override summary = 'Writes a kubeconfig with which kubectl reaches the server';
  static override description =
    'It holds the address, the certificate of the authority and the token: keep it as secret as the ' +
    'token. Without flags it is for the daemon of the data directory, on standard output.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> > kubeconfig',
    '<%= config.bin %> <%= command.id %> --merge --context home',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    merge: boolean({
      summary:
        'Add it to a file and keep all else there; that of --output, else the first of KUBECONFIG, ' +
        'else ~/.kube/config',
    }),
    output: string({ helpValue: '<file>', summary: 'File to write; must be new without --merge' }),
    context: string({
      default: 'registrar',
      helpValue: '<name>',
      summary: 'Name of the context, its cluster and its user',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Kubeconfig);
    const entries = await gatherEntries(flags.context, this.addressOptions(flags));
    if (flags.merge) return this.#merge(entries, flags.output ?? defaultFile());
    const text = await newKubeconfig(entries);
    if (flags.output === undefined) return print(text.trimEnd());
    const { createKubeconfig } = await import('../client/kubeconfig/save.js');
    await createKubeconfig(flags.output, text);
  }

  async #merge(entries: KubeconfigEntries, path: string): Promise<void> {
    const { changeKubeconfig } = await import('../client/kubeconfig/save.js');
    const { mergeKubeconfig } = await import('../client/kubeconfig/merge.js');
    await changeKubeconfig(path, (text) => mergeKubeconfig(text, entries, path));
    note(
      `Context "${entries.name}" is in ${path}; use it with "kubectl --context ${entries.name}"`,
    );
  }
}

function defaultFile(): string {
  const [first] = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return first ?? join(homedir(), '.kube', 'config');
}
