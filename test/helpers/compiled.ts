import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { bundle } from '../../bin/lib/bundle.js';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Compiles a TypeScript file and all it imports, for a process of its own; resolves to the path of
 * the JavaScript. Only outside of tests: what it makes is gone when the tests of the file are done.
 */
export async function compiled(entry: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-compiled-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await bundle({ program: join(ROOT, entry) }, folder);
  return join(folder, 'program.js');
}
