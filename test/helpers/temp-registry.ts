import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { openRegistry } from '../../src/registry/open.js';
import type { RegistryOptions } from '../../src/registry/open.js';
import type { Registry } from '../../src/registry/registry.js';

/** A real registry in a directory of its own, which is gone when the test ends. */
export interface TempRegistry {
  /** The one that is open now. */
  readonly registry: Registry;
  readonly dataDir: string;
  /** Closes it and opens it again, as a restart of the daemon does. */
  readonly reopen: (options?: Partial<RegistryOptions>) => Promise<Registry>;
  readonly close: () => Promise<void>;
}

/** An empty directory that is gone when the test ends. */
export function tempDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'registrar-store-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** Only in a test or a beforeEach hook: cleaning up belongs to the test that runs. */
export async function openTempRegistry(
  options: Partial<RegistryOptions> = {},
): Promise<TempRegistry> {
  const dataDir = options.dataDir ?? tempDataDir();
  const open = (more: Partial<RegistryOptions> = {}) =>
    openRegistry({ clock: systemClock, ...options, ...more, dataDir });
  let registry = await open();
  const close = () => registry.close();
  onTestFinished(close);
  return {
    get registry() {
      return registry;
    },
    dataDir,
    close,
    reopen: async (more) => {
      await registry.close();
      registry = await open(more);
      return registry;
    },
  };
}
