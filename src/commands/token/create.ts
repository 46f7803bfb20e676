import { boolean, option, string } from '@oclif/core/flags';
import { SecretCommand, tokenNameArg, tokenOutputFlag } from '../../client/token-command.js';
import { createToken, lifetimeMsOf } from '../../client/tokens.js';
import { timestamp } from '../../lib/clock.js';
import { ROLES } from '../../model/identity.js';

export default class TokenCreate extends SecretCommand {
  static override summary = 'Makes a token for a person or a program, and prints its secret';
  static override description =
    'The secret is shown once: only its hash is kept. A viewer reads all but tokens, an operator also ' +
    'changes modules, an admin may do everything.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> dashboard --role viewer --expires 30d',
    "<%= config.bin %> <%= command.id %> ci --role operator --modules 'miner-*' --modules web",
  ];
  static override usage = '<%= command.id %> NAME --role ROLE';
  static override args = { name: tokenNameArg };
  static override flags = {
    role: option({ options: ROLES })({ required: true, summary: 'What its holder may do' }),
    modules: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<pattern>',
      summary: 'Modules that an operator may change, "*" for any text; may be repeated',
    }),
    expires: string({ helpValue: '<duration>', summary: 'Time until it ends, such as 30d or 12h' }),
    exec: boolean({ summary: 'May also run commands in containers' }),
    output: tokenOutputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TokenCreate);
    const { role, modules, exec, expires } = flags;
    const lifetimeMs = expires === undefined ? undefined : lifetimeMsOf('--expires', expires);
    const spec = {
      ...{ role, exec },
      ...(modules !== undefined && { modules }),
      ...(lifetimeMs !== undefined && { expiresAt: timestamp(Date.now() + lifetimeMs) }),
    };
    const token = await createToken(await this.connect(flags), args.name, spec);
    await this.showSecret(token, flags.output, 'created');
  }
}
