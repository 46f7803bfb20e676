import { RegistrarError } from '../model/errors.js';
import type { FileGuard } from './file-guard.js';
import { codeOf, reasonOf } from './sqlite-error.js';

/** When a client should try a refused write again. */
const RETRY_AFTER_SECONDS = 5;

/** Whether writes work, and the errors that say why they do not. */
export class StoreHealth {
  private refusal: string | undefined;
  private diverged = false;

  constructor(
    private readonly path: string,
    private readonly guard: FileGuard,
  ) {}

  /** undefined when writes work as far as is known. */
  problem(): string | undefined {
    return this.lostFile() ?? this.refusal;
  }

  /** Throws STORE_UNAVAILABLE when a write would go into a lost file. */
  checkFiles(): void {
    const lost = this.lostFile();
    if (lost !== undefined) throw unavailable(lost);
  }

  /** As checkFiles, after a commit: what went into a lost file can never be made good. */
  checkCommitted(): void {
    this.diverged = this.guard.lost() !== undefined;
    this.checkFiles();
  }

  writesWork(): void {
    this.refusal = undefined;
  }

  /** Remembers why a transaction failed, and returns the error for its writers. */
  refused(cause: unknown): RegistrarError {
    if (cause instanceof RegistrarError) return cause;
    this.refusal = `Cannot write to "${this.path}": ${reasonOf(cause)}; ${remedy(cause)}`;
    return unavailable(this.refusal, cause);
  }

  private lostFile(): string | undefined {
    const lost = this.guard.lost();
    if (lost === undefined && !this.diverged) return undefined;
    const file = lost ?? this.path;
    const next = this.diverged ? 'restart the daemon' : 'put it back, or restart the daemon';
    return `Database file "${file}" was removed or replaced while in use; ${next}`;
  }
}

/** The store cannot take a write now; nothing of it happened. */
export function unavailable(message: string, cause?: unknown): RegistrarError {
  const retryAfterSeconds = RETRY_AFTER_SECONDS;
  return new RegistrarError('STORE_UNAVAILABLE', message, { cause, retryAfterSeconds });
}

function remedy(cause: unknown): string {
  const code = codeOf(cause);
  if (code.startsWith('SQLITE_FULL')) return 'free disk space';
  if (code.startsWith('SQLITE_BUSY')) return 'end the other program that writes to it';
  if (code.startsWith('SQLITE_READONLY')) return 'make its file system writable';
  return 'check the disk it is on';
}
