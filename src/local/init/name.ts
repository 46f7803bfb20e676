import { fieldProblem } from './field-problem.js';
import type { Found } from './found.js';

const LONGEST = 63;

/** A text as the name of a module: `@scope/Echo Miner` as `echo-miner`; undefined when none is left. */
export function moduleName({ value, from }: Found): Found | undefined {
  const name = value
    .slice(0, 1_000)
    .replace(/^@[^/]*\//, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '');
  return fieldProblem('name', name) === undefined ? { value: name, from } : undefined;
}

/** What a repository is called by its address or folder. */
export const lastPart = (address: string): string =>
  /([^/:]+?)(?:\.git)?\/*$/.exec(address.slice(-1_000))?.[1] ?? '';
