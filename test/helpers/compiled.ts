import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Compiles a TypeScript file and all it imports, for a process of its own; returns the path of the
 * JavaScript. Only outside of tests: what it makes is gone when the tests of the file are done.
 */
export function compiled(entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-compiled-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      // Types are checked elsewhere; here only the JavaScript counts.
      compilerOptions: {
        ...{ rootDir: ROOT, outDir: folder, noCheck: true, allowJs: true, incremental: false },
      },
      files: [join(ROOT, entry)],
      include: [],
    }),
  );
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder]);
  return join(folder, entry.replace(/\.ts$/, '.js'));
}
