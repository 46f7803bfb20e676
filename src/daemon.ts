import { join, resolve as absolute } from 'node:path';
import { listen } from './api/serving/listen.js';
import type { Listening } from './api/serving/listen.js';
import { noteListening } from './api/serving/listening-note.js';
import { hostAndPort } from './api/serving/tcp-port.js';
import type { CertificateSource } from './api/serving/tls/certified-key.js';
import { openCertificates } from './api/serving/tls/open-certificates.js';
import type { Readiness } from './api/deps.js';
import { buildServer } from './api/server.js';
import { trustIssuer } from './api/access/oidc/issuer.js';
import { loadOrCreateToken } from './api/access/token-file.js';
import { Controller } from './controller/controller.js';
import { SetController } from './controller/sets/set-controller.js';
import { findDockerHost } from './docker/docker-host.js';
import { createDockerRuntime } from './docker/docker-runtime.js';
import { systemClock } from './lib/clock.js';
import type { Clock } from './lib/clock.js';
import { createLog } from './lib/log.js';
import type { Log } from './lib/log.js';
import { createMetrics } from './lib/metrics.js';
import { Undo } from './lib/undo.js';
import { BUILD_LOG_FOLDER, PACKAGE_FOLDER, SOCKET_FILE } from './model/data-files.js';
import { isRegistrarError } from './model/errors.js';
import { openRegistry } from './registry/open.js';
import { writesGoOn } from './registry/progress.js';
import type { GivenKeySetting } from './registry/secrets/given-keys.js';
import type { NewEvent } from './model/event.js';
import type { Registry } from './registry/registry.js';
import { startSafeMode } from './safe-mode.js';
import type { Surroundings } from './safe-mode.js';
import type { Settings } from './settings.js';
import { watchConfigDirectory } from './triggers/config/directory.js';
import type { ConfigDirectory } from './triggers/config/directory.js';
import { keepFresh } from './triggers/engine-watch.js';
import { TreeVerifier } from './verification/off-thread.js';
import { scanArchive } from './source/scanners/scan.js';
import { gateAsker } from './source/ask-gate.js';
import { signatureFetcher } from './source/image-signatures/image-signatures.js';
import { createGitSources } from './source/git-sources.js';
import { keysFromCommand } from './source/key-command.js';
import { removeLeftKeys } from './source/leftovers.js';
import { PackageStore } from './source/package-store.js';
import { reportTo } from './source/systemd/report.js';
import { takeServiceManager } from './source/systemd/service-manager.js';
import { followSets } from './triggers/sets.js';
import { followStore } from './triggers/store.js';

export interface Daemon {
  /** Where the API listens. */
  readonly listening: Listening;
  /** Ends everything in order; containers keep running. */
  stop(): Promise<void>;
}

/** A scanner may fetch what it knows first. */
const SCAN_LIMIT_MS = 5 * 60_000;

/** Longest wait for work under way when stopping; what is left is taken up at the next start. */
const STOP_LIMIT_MS = 30_000;

/** Runs a daemon until SIGTERM or SIGINT. A second signal ends the process at once. */
export async function runDaemon(settings: Settings, version: string): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  const daemon = await startDaemon(settings, version);
  process.stderr.write(`${greeting(daemon.listening)}\n`);
  await asked;
  const late = setTimeout(() => process.exit(0), STOP_LIMIT_MS);
  await daemon.stop();
  clearTimeout(late);
}

/** Starts everything; what was started before something fails is ended again. */
export async function startDaemon(settings: Settings, version: string): Promise<Daemon> {
  const undo = new Undo();
  const log = createLog(settings.logLevel);
  const manager = takeServiceManager(process.env, unheard(log));
  try {
    const listening = await buildUnlessDamaged(settings, version, { log, undo, manager });
    return { listening, stop: () => undo.run() };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function buildUnlessDamaged(
  settings: Settings,
  version: string,
  surroundings: Surroundings,
): Promise<Listening> {
  try {
    return await build(settings, version, surroundings);
  } catch (error) {
    if (!isRegistrarError(error, 'STORE_DAMAGED')) throw error;
    return startSafeMode(settings, error, surroundings);
  }
}

/**
 * Builds and starts everything, in the order in which things depend on each other: the store, the
 * loop, the config directory, the API, then what wakes the loop. Concrete things are made here, and in
 * safe-mode.ts, alone.
 */
async function build(
  settings: Settings,
  version: string,
  { log, undo, manager }: Surroundings,
): Promise<Listening> {
  const { dataDir, configDir, port, host } = settings;
  const clock = systemClock;
  const registry = await openRegistry({ dataDir, clock, kek: givenKeys(settings) });
  undo.push(() => registry.close());
  await removeLeftKeys(dataDir).catch((error: unknown) => {
    log.warn({ err: error }, 'Keys that were left by a process that was killed cannot be removed');
  });
  const runtime = createDockerRuntime({
    ...{ dockerHost: findDockerHost(settings.dockerHost), instanceId: registry.instanceId, log },
    ...{ protectedPaths: [dataDir, configDir], secretsDir: absolute(settings.secretsDir) },
  });
  let config: ConfigDirectory | undefined;
  const metrics = createMetrics({
    queueDepth: () => controller.queue.depth,
    modules: () => countPhases(registry),
    engineUp: () => controller.observer.engine.kind === 'seen',
  });
  const trees = new TreeVerifier();
  undo.push(() => trees.stop());
  const controller = new Controller({
    ...{ registry, runtime, clock, log, registrarVersion: version },
    sources: createGitSources({ dataDir, log, ...settings.git }),
    scan: (archive, signal) =>
      scanArchive(archive, { env: process.env, timeoutMs: SCAN_LIMIT_MS, signal }),
    packages: new PackageStore({ folder: join(dataDir, PACKAGE_FOLDER) }),
    fetchSignatures: signatureFetcher(),
    askGate: gateAsker(),
    verifyTree: (job, signal) => trees.verify(job, signal),
    disk: { dataDir, floorBytes: settings.diskFloorBytes },
    buildLogFolder: join(dataDir, BUILD_LOG_FOLDER),
    notice: (module) => config?.notice(module),
    policyProblem: () => config?.policyProblem(),
    measure: (outcome, milliseconds) => {
      metrics.reconciles.inc({ outcome });
      metrics.reconcileSeconds.observe(milliseconds / 1000);
    },
  });
  undo.push(() => controller.stop());
  const enqueue = (modules: Iterable<string> | 'all'): void => controller.enqueue(modules);
  config = await watchConfigDirectory({
    ...{ directory: configDir, registry, clock, log, onNotice: enqueue },
    onPolicyProblem: () => enqueue('all'),
  });
  undo.push(() => config.close());
  const shutdown = new AbortController();
  const ready = (): Readiness => readiness(registry, controller, config);
  const server = buildServer({
    ...{ registry, config, clock, log, version },
    operations: controller.operations,
    token: await loadOrCreateToken(dataDir),
    issuer: settings.oidc && trustIssuer(settings.oidc, clock, log),
    metrics: () => metrics.text(),
    readiness: ready,
    shutdown: shutdown.signal,
  });
  const socketPath = join(dataDir, SOCKET_FILE);
  const certificates = await certificatesFor(settings, clock, log);
  const listening = await listen({ server, port, host, certificates, log, socketPath });
  undo.push(() => listening.close());
  const ownAuthority = !settings.http && settings.tls.given === undefined;
  undo.push(await noteListening(dataDir, listening, ownAuthority));
  undo.push(followStore(registry, enqueue));
  undo.push(startSets(registry, clock, log));
  controller.start();
  const fresh = keepFresh(controller.observer, clock, shutdown.signal, enqueue);
  undo.push(async () => {
    shutdown.abort();
    await fresh;
  });
  if (manager !== undefined) {
    const status = (): string => statusLine(listening, ready());
    const isAlive = writesGoOn(() => registry.stats);
    undo.push(await reportTo({ manager, clock, status, isAlive }));
  }
  return listening;
}

const unheard =
  (log: Log) =>
  (error: unknown): void =>
    log.error(
      { err: error },
      'Cannot tell systemd how it goes: install systemd-notify, or set Type=exec in the unit',
    );

/** What `systemctl status` shows. */
function statusLine(listening: Listening, { checks }: Readiness): string {
  const problems = checks.filter(({ ok }) => !ok).map(({ name, message }) => `${name}: ${message}`);
  return [greeting(listening), ...problems].join('; ');
}

/** Where the keys of Secrets come from; undefined for a file of our own. */
function givenKeys({ kek }: Settings): GivenKeySetting | undefined {
  if (kek === undefined) return undefined;
  if (kek.kind === 'command') {
    const read = () => keysFromCommand(kek.argv, { env: process.env });
    return { title: `command "${kek.argv[0]}"`, read };
  }
  return { title: `variable ${kek.name}`, read: () => Promise.resolve(kek.keys) };
}

/** Returns the function that ends it. */
function startSets(registry: Registry, clock: Clock, log: Log): () => Promise<void> {
  const record = (event: NewEvent): void => {
    registry.recordEvent(event).catch((error: unknown) => {
      log.warn({ err: error, reason: event.reason }, 'Cannot record an event');
    });
  };
  const sets = new SetController({ registry, clock, log, record });
  const end = followSets(registry, (names) => sets.enqueue(names));
  sets.start();
  return () => {
    end();
    return sets.stop();
  };
}

async function certificatesFor(
  { http, host, dataDir, tls }: Settings,
  clock: Clock,
  log: Log,
): Promise<CertificateSource | undefined> {
  return http ? undefined : openCertificates({ dataDir, host, clock, log, ...tls });
}

function greeting({ scheme, host, port, socketPath }: Listening): string {
  const socket = socketPath === undefined ? '' : ` and unix://${socketPath}`;
  return `Registrar listens on ${scheme}://${hostAndPort(host, port)}${socket}`;
}

function readiness(
  registry: Registry,
  controller: Controller,
  config: ConfigDirectory | undefined,
): Readiness {
  const { engine } = controller.observer;
  const store = registry.problem();
  const held = config?.held();
  const checks = [
    { name: 'store', ok: store === undefined, message: store ?? 'writes work' },
    {
      name: 'engine',
      ok: engine.kind === 'seen',
      message: engine.kind === 'away' ? engine.error.message : engine.kind,
    },
    { name: 'config', ok: held === undefined, message: held?.message ?? 'read' },
  ];
  return { ok: checks.every((check) => check.ok), checks };
}

function countPhases(registry: Registry): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { object } of registry.list('Module').items) {
    counts.set(object.status.phase, (counts.get(object.status.phase) ?? 0) + 1);
  }
  return counts;
}
