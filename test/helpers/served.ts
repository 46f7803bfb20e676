import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listen } from '../../src/api/serving/listen.js';
import { noteListening } from '../../src/api/serving/listening-note.js';
import { openCertificates } from '../../src/api/serving/tls/open-certificates.js';
import { buildServer } from '../../src/api/server.js';
import { loadOrCreateToken } from '../../src/api/access/token-file.js';
import { Controller } from '../../src/controller/controller.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { openRegistry } from '../../src/registry/open.js';
import type { Registry } from '../../src/registry/registry.js';
import type { ConfigStatus } from '../../src/triggers/config/status.js';
import { keepFresh } from '../../src/triggers/engine-watch.js';
import { followStore } from '../../src/triggers/store.js';
import { preparationParts } from './preparation-parts.js';
import { MemoryRuntime } from './memory-runtime.js';

/** A daemon in this process, on an engine in memory, that answers on TCP and on a socket. */
export interface Served {
  /** `http://127.0.0.1:PORT`, or with `https`. */
  readonly url: string;
  readonly token: string;
  /** Holds the token and the socket, as that of a daemon does. */
  readonly dataDir: string;
  readonly registry: Registry;
  readonly runtime: MemoryRuntime;
}

/**
 * Starts one that ends with the test; with TLS it listens as a daemon does. The image `sample:1` is
 * present.
 */
export async function serve(config?: ConfigStatus, { tls = false } = {}): Promise<Served> {
  const dataDir = mkdtempSync(join(tmpdir(), 'registrar-served-'));
  const clock = systemClock;
  const registry = await openRegistry({ dataDir, clock });
  const runtime = new MemoryRuntime({ clock, instanceId: registry.instanceId });
  runtime.engine.addImage('sample:1');
  const controller = new Controller({
    ...{ registry, runtime, clock, log: silentLog },
    ...preparationParts(dataDir),
  });
  const ended = new AbortController();
  const unfollow = followStore(registry, (modules) => controller.enqueue(modules));
  controller.start();
  const fresh = keepFresh(controller.observer, clock, ended.signal, (modules) =>
    controller.enqueue(modules),
  );
  const token = await loadOrCreateToken(dataDir);
  const server = buildServer({
    ...{ registry, config, clock, log: silentLog, token, version: '0.1.0' },
    operations: controller.operations,
    metrics: async () => '',
    readiness: () => ({ ok: true, checks: [] }),
    shutdown: ended.signal,
  });
  const host = '127.0.0.1';
  const certificates = tls
    ? await openCertificates({
        ...{ dataDir, host, names: [], given: undefined, clock, log: silentLog },
      })
    : undefined;
  const listening = await listen({
    ...{ server, host, port: 0, log: silentLog, certificates },
    socketPath: join(dataDir, 'registrar.sock'),
  });
  await noteListening(dataDir, listening, tls);
  onTestFinished(async () => {
    ended.abort();
    await listening.close();
    unfollow();
    await controller.stop();
    await fresh;
    await registry.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const url = `${listening.scheme}://${host}:${listening.port}`;
  return { url, token, dataDir, registry, runtime };
}
