import { join, resolve } from 'node:path';
import { buildSafeServer } from './api/safe-mode.js';
import { listen } from './api/serving/listen.js';
import type { Listening } from './api/serving/listen.js';
import { noteListening } from './api/serving/listening-note.js';
import { openCertificates } from './api/serving/tls/open-certificates.js';
import { findDockerHost } from './docker/docker-host.js';
import { createDockerRuntime } from './docker/docker-runtime.js';
import { systemClock } from './lib/clock.js';
import type { Log } from './lib/log.js';
import type { Undo } from './lib/undo.js';
import { SOCKET_FILE } from './model/data-files.js';
import { toRegistrarError } from './model/errors.js';
import type { RegistrarError } from './model/errors.js';
import { readHistoryNote } from './registry/history-note.js';
import { holdDataDirectory } from './registry/open.js';
import type { Settings } from './settings.js';
import { reportTo } from './source/systemd/report.js';
import type { ServiceManager } from './source/systemd/service-manager.js';

/** What a daemon has before anything else. */
export interface Surroundings {
  readonly log: Log;
  /** Ends what was started. */
  readonly undo: Undo;
  /** Who started this process, if it wants to know how it goes. */
  readonly manager: ServiceManager | undefined;
}

/**
 * Serves why the store cannot be used, and what goes on without it; changes nothing, neither in the
 * store nor in the engine. Holds the data directory like any daemon.
 */
export async function startSafeMode(
  settings: Settings,
  problem: RegistrarError,
  { log, undo, manager }: Surroundings,
): Promise<Listening> {
  const { dataDir, port, host, http, tls } = settings;
  undo.push(holdDataDirectory(dataDir, systemClock));
  log.error({ reason: problem.message }, 'Safe mode: containers go on, and nothing is changed');
  const server = buildSafeServer({ problem, observe: observer(settings, log) });
  const certificates = http
    ? undefined
    : await openCertificates({ dataDir, host, clock: systemClock, log, ...tls });
  const socketPath = join(dataDir, SOCKET_FILE);
  const listening = await listen({ server, port, host, certificates, log, socketPath });
  undo.push(() => listening.close());
  undo.push(await noteListening(dataDir, listening, !http && tls.given === undefined));
  if (manager !== undefined) {
    const status = (): string => `Safe mode: ${problem.message}`;
    undo.push(await reportTo({ manager, clock: systemClock, status, isAlive: () => true }));
  }
  return listening;
}

/** Looks at the containers of this registrar, whose id is in the note beside the store. */
function observer({ dataDir, dockerHost, secretsDir }: Settings, log: Log): () => Promise<string> {
  const instanceId = readHistoryNote(dataDir)?.instanceId;
  if (instanceId === undefined) return async () => 'cannot be told from those of others';
  const runtime = createDockerRuntime({
    ...{ dockerHost: findDockerHost(dockerHost), instanceId, log },
    secretsDir: resolve(secretsDir),
    protectedPaths: [],
  });
  return async () => {
    try {
      const running = (await runtime.list()).filter(({ state }) => state === 'running');
      return `${running.length} run: ${running.map(({ name }) => name).join(', ')}`;
    } catch (error) {
      return `cannot be seen: ${toRegistrarError(error).message}`;
    }
  };
}
