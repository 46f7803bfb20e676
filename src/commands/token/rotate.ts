import { string } from '@oclif/core/flags';
import { SecretCommand, tokenNameArg, tokenOutputFlag } from '../../client/token-command.js';
import { lifetimeMsOf, rotateToken } from '../../client/tokens.js';

export default class TokenRotate extends SecretCommand {
  static override summary = 'Gives a token another secret, and prints it';
  static override description =
    'The secret there is ends at once, or after --overlap, so that there is time to replace it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ci',
    '<%= config.bin %> <%= command.id %> ci --overlap 1h',
  ];
  static override usage = '<%= command.id %> NAME';
  static override args = { name: tokenNameArg };
  static override flags = {
    overlap: string({
      default: '0',
      helpValue: '<duration>',
      summary: 'How long the secret there is stays valid, at most 30d',
    }),
    output: tokenOutputFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TokenRotate);
    const overlapMs = lifetimeMsOf('--overlap', flags.overlap);
    const token = await rotateToken(await this.connect(flags), args.name, overlapMs);
    await this.showSecret(token, flags.output, 'rotated');
  }
}
