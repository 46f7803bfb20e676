import type { Command } from '../../dockerfile/shell/command.js';

const CLUSTER = /^-[A-Za-z]{1,16}$/;

/**
 * Whether a command has one of the flags: `--name`, also with a value, or `-n`, also among other
 * letters.
 */
export function hasFlag({ args }: Pick<Command, 'args'>, ...flags: readonly string[]): boolean {
  return args.some((arg) => flags.some((flag) => isFlag(arg, flag)));
}

function isFlag(arg: string, flag: string): boolean {
  if (arg === flag) return true;
  if (flag.startsWith('--')) return arg.startsWith(`${flag}=`);
  return flag.length === 2 && CLUSTER.test(arg) && arg.includes(flag[1] ?? '');
}

/** The words of a command that are no flags, and no values of the flags that take one. */
export function operands(
  { args }: Pick<Command, 'args'>,
  valued: ReadonlySet<string> = new Set(),
): string[] {
  const found: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') return [...found, ...args.slice(at + 1)];
    if (!arg.startsWith('-') || arg === '-') found.push(arg);
    else if (valued.has(arg)) at += 1;
  }
  return found;
}

/** The value of a flag, as `--name=value`, `--name value` or `-n value`. */
export function flagValue({ args }: Command, ...flags: readonly string[]): string | undefined {
  for (const [at, arg] of args.entries()) {
    if (flags.includes(arg)) return args[at + 1];
    const equals = arg.indexOf('=');
    if (equals > 0 && flags.includes(arg.slice(0, equals))) return arg.slice(equals + 1);
  }
  return undefined;
}
