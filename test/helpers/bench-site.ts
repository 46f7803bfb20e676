import { join } from 'node:path';
import { createClient } from '../../src/client/http.js';
import type { Client } from '../../src/client/http.js';
import { createObject, deleteObject } from '../../src/client/objects.js';
import { MODULES } from '../../src/client/resource.js';
import { listModules, MODULES_PATH } from '../../src/client/modules.js';
import { watchFrom } from '../../src/client/watch.js';
import type { Module, ModuleManifest } from '../../src/model/module.js';
import { aSite } from './daemon.js';
import type { Site } from './daemon.js';
import { aManifest } from './builders.js';
import { SLEEP } from './bare.js';
import { dockerHost, SAMPLE_IMAGE } from './engine.js';
import { isReady } from './loop.js';

/** A daemon under measurement, spoken to over its own socket. */
export interface Bench {
  readonly site: Site;
  readonly client: Client;
  /** Creates modules side by side and resolves when all are Ready. */
  applyUntilReady(names: readonly string[]): Promise<void>;
  /** Deletes modules and resolves when they are gone. */
  deleteUntilGone(names: readonly string[]): Promise<void>;
}

const NOTHING_SELECTED = { labelSelector: undefined, fieldSelector: undefined };

export const sleeper = (name: string): ModuleManifest =>
  aManifest(name, { image: SAMPLE_IMAGE, command: SLEEP });

/** Starts a daemon, on another engine address when one is given. */
export async function startBench(host = dockerHost()): Promise<Bench> {
  const site = aSite();
  await site.start(['--log-level', 'error', '--docker-host', host]);
  const socketPath = join(site.dataDir, 'registrar.sock');
  const address = { url: `unix://${socketPath}`, target: { socketPath }, token: undefined };
  const client = createClient(address, () => undefined);
  const applyUntilReady = async (names: readonly string[]): Promise<void> => {
    const ready = follow(
      client,
      new Set(names),
      (type, module) => type !== 'DELETED' && isReady(module),
    );
    await Promise.all(
      names.map((name) => createObject(client, MODULES, sleeper(name), { dryRun: false })),
    );
    await ready;
  };
  const deleteUntilGone = async (names: readonly string[]): Promise<void> => {
    const gone = follow(client, new Set(names), (type) => type === 'DELETED');
    await Promise.all(names.map((name) => deleteObject(client, MODULES, name, { dryRun: false })));
    await gone;
  };
  // The instance's network stays while one module does: making it is not what is measured.
  await applyUntilReady(['anchor']);
  return { site, client, applyUntilReady, deleteUntilGone };
}

/** Resolves when each of these modules was as it should be, told by a watch: polling costs a server. */
export async function follow(
  client: Client,
  waiting: Set<string>,
  isDone: (type: string, module: Module) => boolean,
): Promise<void> {
  const { metadata } = await listModules(client, NOTHING_SELECTED);
  const ended = new AbortController();
  const since = metadata.resourceVersion;
  const request = { path: MODULES_PATH };
  for await (const { type, object } of watchFrom<Module>(client, request, since, ended.signal)) {
    if (isDone(type, object)) waiting.delete(object.metadata.name);
    if (waiting.size === 0) break;
  }
  ended.abort();
}
