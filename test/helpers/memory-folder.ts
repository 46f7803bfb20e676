import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AtEnd } from './daemon.js';

/** A folder in memory for files of Secrets, which goes with the test. Linux has it on every host. */
export function memoryFolder(atEnd: AtEnd = onTestFinished): string {
  const folder = mkdtempSync(join('/dev/shm', 'registrar-test-'));
  atEnd(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
  return folder;
}
