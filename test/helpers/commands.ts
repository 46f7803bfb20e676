import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Flag {
  readonly char?: string;
  readonly env?: string;
  readonly default?: string | number | boolean;
  readonly allowNo?: boolean;
}

/** A command of the command line as its class describes it. */
export interface CommandInfo {
  /** Words after `registrar`, such as `config confirm-prune`. */
  readonly name: string;
  readonly flags: Readonly<Record<string, Flag>>;
}

interface CommandClass {
  readonly baseFlags?: Record<string, Flag>;
  readonly flags?: Record<string, Flag>;
}

const FOLDER = 'src/commands';

/** All commands that there are, sorted by name. */
export async function allCommands(): Promise<CommandInfo[]> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  const commands = files.filter((file) => file.endsWith('.ts')).map(commandIn);
  return (await Promise.all(commands)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function commandIn(file: string): Promise<CommandInfo> {
  const module = (await import(join('../..', FOLDER, file))) as { default: CommandClass };
  const name = file.replace(/(?:\/index)?\.ts$/, '').replaceAll('/', ' ');
  return { name, flags: { ...module.default.baseFlags, ...module.default.flags } };
}

/** Every way to write a flag of a command, such as `--wait`, `--no-wait` and `-f`. */
export function spellingsOf({ flags }: CommandInfo): string[] {
  return Object.entries(flags).flatMap(([name, { char, allowNo }]) => [
    `--${name}`,
    ...(allowNo === true ? [`--no-${name}`] : []),
    ...(char === undefined ? [] : [`-${char}`]),
  ]);
}
