import { RegistrarError } from '../model/errors.js';

/** The part of a flag's definition that counts here. */
interface FlagKind {
  readonly type: 'boolean' | 'option';
  readonly allowNo?: boolean;
}

/**
 * Arguments with kubectl's `--wait=false` in the form that oclif understands, `--no-wait`; oclif
 * itself would take it for `--wait`. BAD_REQUEST for another value than true and false.
 */
export function plainBooleans(
  argv: readonly string[],
  flags: Readonly<Record<string, FlagKind>>,
): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.flatMap((argument, index) => {
    const [, name = '', value = ''] = /^--([a-z-]+)=(.*)$/s.exec(argument) ?? [];
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
    if (index > end || flag?.type !== 'boolean') return [argument];
    if (value === 'true') return [`--${name}`];
    if (value === 'false') return flag.allowNo ? [`--no-${name}`] : [];
    throw new RegistrarError(
      'BAD_REQUEST',
      `Cannot read --${name}="${value}"; write true or false`,
    );
  });
}
