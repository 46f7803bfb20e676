import { string as stringArg } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import type { Token } from '../kinds/token/schema.js';
import { ServerCommand } from './base-command.js';
import { renderDocument } from './render/document.js';
import { note, print } from './terminal.js';

export const tokenNameArg = stringArg({
  description: 'Name of the token',
  required: true,
  ignoreStdin: true,
});

export const tokenOutputFlag = option({ char: 'o', options: ['json', 'yaml'] as const })({
  summary: 'The whole answer in that format; the secret alone when not given',
});

/** A command that gets a secret, which is shown this once. */
export abstract class SecretCommand extends ServerCommand {
  /** The secret alone goes to standard output, so that it can go on to where it is kept. */
  protected async showSecret(
    token: Token,
    format: 'json' | 'yaml' | undefined,
    done: string,
  ): Promise<void> {
    print(format ? await renderDocument(token, format) : (token.status.token ?? ''));
    note(
      `Token "${token.metadata.name}" ${done}; its secret is not shown again. ` +
        'Use it with --token or REGISTRAR_TOKEN, or with "registrar kubeconfig"',
    );
  }
}
