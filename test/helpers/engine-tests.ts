import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Of another test file or helper; what is tested may have any name. */
const IMPORT = /(?:from|import\()\s*'((?:\.{1,2}\/)+(?!src\/|(?:\.\.\/)+)[^']+)\.js'/g;

interface Source {
  readonly path: string;
  /** Names, without folder and ending, of what it imports. */
  readonly imports: readonly string[];
}

function sourcesBelow(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .map((path) => {
      const found = readFileSync(path, 'utf8').matchAll(IMPORT);
      return { path, imports: [...found].map(([, specifier = '']) => basename(specifier)) };
    });
}

/**
 * The test files that need a Docker Engine: those that import helpers/engine.ts, directly or through
 * another helper. They run in the project `engine`, all others in the project `fast`.
 */
export function engineTests(): string[] {
  const sources = sourcesBelow('test');
  const helpers = sources.filter(({ path }) => !path.endsWith('.test.ts'));
  const needed = new Set(['engine']);
  for (let size = 0; size < needed.size;) {
    size = needed.size;
    for (const { path, imports } of helpers) {
      if (imports.some((name) => needed.has(name))) needed.add(basename(path, '.ts'));
    }
  }
  return sources
    .filter(({ path, imports }) => path.endsWith('.test.ts') && imports.some((n) => needed.has(n)))
    .map(({ path }) => path);
}
