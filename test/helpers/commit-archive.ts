import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tar } from '../../bin/lib/tar.js';

/** The tar of a commit with these files, removed after the test; resolves to its path. */
export function commitArchive(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(
    ([path, content]) => ({ path, type: 'file', content: Buffer.from(content) }) as const,
  );
  return archiveFile(tar(entries));
}

/** A file with these bytes. */
export function archiveFile(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-commit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'commit.tar');
  writeFileSync(path, bytes);
  return path;
}
