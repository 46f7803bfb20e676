import type { IncomingMessage } from 'node:http';
import type { PlanPreview } from '../controller/operations.js';
import type { Event } from '../model/event.js';
import type { Module } from '../model/module.js';
import { API_VERSION, CLI_MANAGER } from '../model/names.js';
import type { Client } from './http.js';

export const MODULES_PATH = `/apis/${API_VERSION}/modules`;
export const EVENTS_PATH = '/api/v1/namespaces/default/events';

const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
const STRICT = { fieldManager: CLI_MANAGER, fieldValidation: 'Strict' };

export interface List<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: T[];
}

/** Which objects of a collection. */
export interface Selection {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface WriteOptions {
  /** Checks and answers, but stores nothing. */
  readonly dryRun?: boolean;
  /** Whom the written fields are put down to; `registrar` when it is not said. */
  readonly fieldManager?: string;
}

export interface LogQuery {
  readonly slot: number;
  readonly follow: boolean;
  readonly tailLines: number | undefined;
  readonly sinceSeconds: number | undefined;
  /** RFC 3339. */
  readonly sinceTime: string | undefined;
  readonly timestamps: boolean;
  /** The last run that has ended instead of the present one. */
  readonly previous: boolean;
}

const modulePath = (name: string, subresource = ''): string =>
  `${MODULES_PATH}/${encodeURIComponent(name)}${subresource}`;

const writeQuery = ({ dryRun, fieldManager = STRICT.fieldManager }: WriteOptions) => ({
  ...STRICT,
  fieldManager,
  dryRun: dryRun ? 'All' : undefined,
});

export async function getModule(client: Client, name: string): Promise<Module> {
  return (await client.json({ path: modulePath(name) })) as Module;
}

export async function listModules(client: Client, selection: Selection): Promise<List<Module>> {
  return (await client.json({ path: MODULES_PATH, query: { ...selection } })) as List<Module>;
}

export async function listEvents(client: Client, selection: Selection): Promise<List<Event>> {
  return (await client.json({ path: EVENTS_PATH, query: { ...selection } })) as List<Event>;
}

/** Creates from a manifest; `body` may be anything, the server checks it. */
export async function createModule(
  client: Client,
  body: unknown,
  options: WriteOptions = {},
): Promise<Module> {
  const query = writeQuery(options);
  return (await client.json({ method: 'POST', path: MODULES_PATH, query, body })) as Module;
}

/** Applies an RFC 7386 merge patch. */
export async function patchModule(
  client: Client,
  name: string,
  patch: unknown,
  options: WriteOptions = {},
): Promise<Module> {
  const answer = await client.json({
    method: 'PATCH',
    path: modulePath(name),
    query: writeQuery(options),
    body: patch,
    contentType: MERGE_PATCH,
  });
  return answer as Module;
}

/** Server-side apply; `force` takes what belongs to other managers. */
export async function applyModule(
  client: Client,
  name: string,
  config: unknown,
  { force, ...options }: WriteOptions & { readonly force: boolean },
): Promise<Module> {
  const answer = await client.json({
    method: 'PATCH',
    path: modulePath(name),
    query: { ...writeQuery(options), force: force ? 'true' : 'false' },
    body: config,
    contentType: APPLY_PATCH,
  });
  return answer as Module;
}

export async function scaleModule(
  client: Client,
  name: string,
  replicas: number,
  options: WriteOptions = {},
): Promise<void> {
  await client.json({
    method: 'PATCH',
    path: modulePath(name, '/scale'),
    query: writeQuery(options),
    body: { spec: { replicas } },
    contentType: MERGE_PATCH,
  });
}

/** Asks for deletion; resolves to the uid of what was deleted, which may still be going. */
export async function deleteModule(
  client: Client,
  name: string,
  { dryRun }: WriteOptions = {},
): Promise<string> {
  const body = { propagationPolicy: 'Background', ...(dryRun ? { dryRun: ['All'] } : {}) };
  const answer = (await client.json({ method: 'DELETE', path: modulePath(name), body })) as {
    metadata?: { uid?: string };
    details?: { uid?: string };
  };
  return answer.metadata?.uid ?? answer.details?.uid ?? '';
}

/** What applying the manifest would change. */
export async function planModule(
  client: Client,
  name: string,
  body: unknown,
): Promise<PlanPreview> {
  const path = modulePath(name, '/plan');
  const answer = await client.json({ method: 'POST', path, query: STRICT, body });
  return answer as PlanPreview;
}

/** The log of one slot as a byte stream. */
export function streamLog(
  client: Client,
  name: string,
  query: LogQuery,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  const text = (value: number | undefined) => (value === undefined ? undefined : String(value));
  return client.stream({
    path: modulePath(name, '/log'),
    query: {
      slot: String(query.slot),
      follow: query.follow ? 'true' : undefined,
      tailLines: text(query.tailLines),
      sinceSeconds: text(query.sinceSeconds),
      sinceTime: query.sinceTime,
      timestamps: query.timestamps ? 'true' : undefined,
      previous: query.previous ? 'true' : undefined,
    },
    signal,
  });
}
