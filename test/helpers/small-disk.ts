import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file system of its own with little room, in memory; unmounted when the test ends. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all the room there is. */
  fill(): void;
  /** Gives it back. */
  free(): void;
}

/** Why no file system can be mounted here; undefined when one can. */
export function whyNoDisk(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can mount a file system';
  const path = mkdtempSync(join(tmpdir(), 'registrar-disk-'));
  try {
    mount(path, '64k');
    execFileSync('umount', [path]);
    return undefined;
  } catch {
    return 'this system refuses to mount a file system';
  } finally {
    rmdirSync(path);
  }
}

export function mountSmallDisk(size: string): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'registrar-disk-'));
  mount(path, size);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', path]);
    rmdirSync(path);
  });
  const filler = join(path, 'filler');
  return { path, fill: () => fillUp(filler), free: () => rmSync(filler) };
}

function mount(path: string, size: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'pipe' });
}

function fillUp(filler: string): void {
  const page = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(filler, page, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
