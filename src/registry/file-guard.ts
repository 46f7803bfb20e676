import { statSync } from 'node:fs';

/**
 * Notices when the files of an open database are unlinked or replaced: SQLite would go on
 * committing into files that nobody will ever find again.
 */
export class FileGuard {
  private readonly identities: ReadonlyMap<string, string | undefined>;

  /** @param paths of files that exist now and must stay the same ones */
  constructor(paths: readonly string[]) {
    this.identities = new Map(paths.map((path) => [path, identityOf(path)]));
  }

  /** The first file that is not the one it was, undefined when all are. */
  lost(): string | undefined {
    for (const [path, identity] of this.identities) {
      if (identityOf(path) !== identity) return path;
    }
    return undefined;
  }
}

/** undefined for a file that cannot be found, whatever the reason: a disk may be gone altogether. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
