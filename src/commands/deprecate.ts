import { NoticeCommand, noticeArgs, noticeFlags } from '../client/notice-command.js';

export default class Deprecate extends NoticeCommand {
  static override summary = 'Warns about a version, and blocks nothing';
  static override description =
    'Modules that run it have the condition Deprecated with the reason, and it can be deployed as before.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner@1.4.2 --reason "Use 2.x"',
    '<%= config.bin %> <%= command.id %> echo-miner@1.4.2 --undo',
  ];
  static override usage = '<%= command.id %> NAME@VERSION --reason TEXT | --undo';
  static override args = noticeArgs;
  static override flags = noticeFlags;

  protected override readonly saying = 'deprecate';
  protected override readonly done = 'deprecated';
}
