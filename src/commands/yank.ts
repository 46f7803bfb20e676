import { NoticeCommand, noticeArgs, noticeFlags } from '../client/notice-command.js';

export default class Yank extends NoticeCommand {
  static override summary = 'Keeps a version from being deployed anew';
  static override description =
    'Copies that run go on, and their module has the condition Yanked with the reason. The version ' +
    'stays listed, and its package can be pulled by its exact version.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> echo-miner@1.4.2 --reason "Loses blocks; use 1.4.3"',
    '<%= config.bin %> <%= command.id %> echo-miner@1.4.2 --undo',
  ];
  static override usage = '<%= command.id %> NAME@VERSION --reason TEXT | --undo';
  static override args = noticeArgs;
  static override flags = noticeFlags;

  protected override readonly saying = 'yank';
  protected override readonly done = 'yanked';
}
