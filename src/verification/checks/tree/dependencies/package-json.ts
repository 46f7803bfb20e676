import { printable } from '../../../../lib/printable.js';
import { NotVerified } from '../../../check.js';
import type { DependencyFile } from './dependency-files.js';

/** What a package.json says that is looked at; anything else in it counts for nothing. */
export interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
  /** What runs needs them, or building. */
  readonly dependencies: Readonly<Record<string, string>>;
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** Reads a package.json; NotVerified when it is none. */
export function readPackageJson({ path, text }: DependencyFile): PackageJson {
  const json = objectIn(parsed(path, text));
  const named = GROUPS.flatMap((group) => Object.entries(textsIn(json[group])));
  return { scripts: textsIn(json['scripts']), dependencies: Object.fromEntries(named) };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotVerified(`"${printable(path)}" is no JSON`);
  }
}

const objectIn = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const textsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectIn(value)).filter((pair): pair is [string, string] => {
      return typeof pair[1] === 'string';
    }),
  );

/** The line of a name in a JSON text, from 1; undefined when it is written in another way. */
export function lineOfName(text: string, name: string): number | undefined {
  const index = text.indexOf(JSON.stringify(name));
  return index === -1 ? undefined : text.slice(0, index).split('\n').length;
}
