import { ServerCommand } from '../../client/base-command.js';
import { rotateKeys } from '../../client/rotate-keys.js';
import { print } from '../../client/terminal.js';

export default class SecretRotateKeys extends ServerCommand {
  static override summary = 'Puts the values of all Secrets under a new key';
  static override description =
    'All values at once or none, while the daemon works on; the old key goes when no value needs ' +
    'it. After a crash the same command goes on with the new key. Where the key comes from a ' +
    'variable or a command, that must give the new key and after it the old one before. The values ' +
    'stay what they are, so whoever had the old key and the store needs new values to be kept out.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --server https://127.0.0.1:7878',
  ];
  static override usage = '<%= command.id %>';

  async run(): Promise<void> {
    const { flags } = await this.parse(SecretRotateKeys);
    const { keyId, wrapped } = await rotateKeys(await this.connect(flags));
    print(`${wrapped} ${wrapped === 1 ? 'value is' : 'values are'} now under key ${keyId}`);
  }
}
