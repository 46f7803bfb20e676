import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listen } from '../../src/api/serving/listen.js';
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
import { MemoryRuntime } from './memory-runtime.js';

/** A daemon in this process, on an engine in memory, that answers on TCP and on a socket. */
export interface Served {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** Holds the token and the socket, as that of a daemon does. */
  readonly dataDir: string;
  readonly registry: Registry;
  readonly runtime: MemoryRuntime;
}

/** Starts one that ends with the test. The image `sample:1` is present. */
export async function serve(config?: ConfigStatus): Promise<Served> {
  const dataDir = mkdtempSync(join(tmpdir(), 'registrar-served-'));
  const clock = systemClock;
  const registry = await openRegistry({ dataDir, clock });
  const runtime = new MemoryRuntime({ clock, instanceId: registry.instanceId });
  runtime.engine.addImage('sample:1');
  const controller = new Controller({ registry, runtime, clock, log: silentLog });
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
  const listening = await listen({
    ...{ server, host: '127.0.0.1', port: 0, log: silentLog },
    socketPath: join(dataDir, 'registrar.sock'),
  });
  onTestFinished(async () => {
    ended.abort();
    await listening.close();
    unfollow();
    await controller.stop();
    await fresh;
    await registry.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${listening.port}`;
  return { url, token, dataDir, registry, runtime };
}
