import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const STATIC_IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from '([^']+)';/gms;

/** All that loading a file loads, packages by name. Dynamic imports and types do not count. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
    if (!specifier.startsWith('.')) seen.add(specifier);
    else loadedBy(join(dirname(file), specifier.replace(/\.js$/, '.ts')), seen);
  }
  return seen;
}

const COMMANDS = readdirSync('src/commands', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src/commands', name));

test.for(COMMANDS)('%s loads nothing that makes it start slowly', (file) => {
  const packages = [...loadedBy(file)].filter((name) => !name.endsWith('.ts'));
  const foreign = packages.filter((name) => !name.startsWith('node:'));
  expect(foreign.filter((name) => !/^@oclif\/core\/(args|command|flags)$/.test(name))).toEqual([]);
});
