import type { Runtime } from '../docker/runtime.js';
import type { Log } from '../lib/log.js';
import type { AuditEntry } from '../model/audit.js';
import { RegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';
import type { Registry } from '../registry/registry.js';
import { wantsContainers } from './desired.js';

export interface EngineIdentityParts {
  readonly registry: Pick<Registry, 'engineId' | 'noteEngine' | 'list'>;
  readonly runtime: Pick<Runtime, 'info'>;
  readonly log: Log;
}

/**
 * Whether it is the engine that modules ran on that answers. On another one they would begin anew:
 * with empty volumes, and beside those that may run on the first one yet.
 */
export class EngineIdentity {
  readonly #parts: EngineIdentityParts;

  constructor(parts: EngineIdentityParts) {
    this.#parts = parts;
  }

  /**
   * Rejects with ENGINE_CHANGED when it is another engine, which has none of our containers, though
   * modules ran. What engine it is is noted otherwise.
   */
  async check(hasOurs: boolean): Promise<void> {
    const { registry, runtime, log } = this.#parts;
    const { engineId } = await runtime.info();
    const known = registry.engineId;
    if (engineId === known) return;
    const ran = registry.list('Module').items.filter(({ object }) => hasRun(object));
    if (known !== undefined && !hasOurs && ran.length > 0) throw changed(known, engineId);
    await registry.noteEngine(engineId).catch((error: unknown) => {
      log.warn({ err: error }, 'Cannot note which engine it is: it is tried again later');
    });
  }

  /** Notes the engine that answers now, whatever it has; returns its id. */
  async accept(audit: AuditEntry): Promise<string> {
    const { engineId } = await this.#parts.runtime.info();
    await this.#parts.registry.noteEngine(engineId, { ...audit, name: engineId });
    return engineId;
  }
}

/** Something of it should be there. */
const hasRun = (module: Module): boolean =>
  module.status.currentRevision !== undefined && wantsContainers(module);

function changed(known: string, found: string): RegistrarError {
  const message =
    `Another Docker Engine answers (${found}) than the one that modules ran on (${known}), and it ` +
    'has none of their containers: nothing is made there. Lead DOCKER_HOST back to the first one, or, ' +
    'once nothing runs there any more, run "registrar engine accept"';
  return new RegistrarError('ENGINE_CHANGED', message);
}
