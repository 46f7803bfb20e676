import type { IncomingMessage } from 'node:http';
import type { PlanPreview } from '../controller/operations.js';
import type { Report } from '../kinds/report/schema.js';
import { isRegistrarError } from '../model/errors.js';
import type { Event } from '../model/event.js';
import type { Module } from '../model/module.js';
import type { TrustChain } from '../model/trust.js';
import type { Client } from './http.js';
import { STRICT } from './objects.js';
import { collectionPath, EVENTS, MODULES, objectPath } from './resource.js';

export const MODULES_PATH = collectionPath(MODULES);
export const EVENTS_PATH = collectionPath(EVENTS);

export interface List<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: T[];
}

/** Which objects of a collection. */
export interface Selection {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
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

/** A chain as the API tells it. */
export interface TrustAnswer extends Pick<TrustChain, 'version' | 'links'> {
  readonly metadata: { readonly name: string };
}

const modulePath = (name: string, subresource = ''): string =>
  objectPath(MODULES, name) + subresource;

export async function getModule(client: Client, name: string): Promise<Module> {
  return (await client.json({ path: modulePath(name) })) as Module;
}

export async function listModules(client: Client, selection: Selection): Promise<List<Module>> {
  return (await client.json({ path: MODULES_PATH, query: { ...selection } })) as List<Module>;
}

export async function listEvents(client: Client, selection: Selection): Promise<List<Event>> {
  return (await client.json({ path: EVENTS_PATH, query: { ...selection } })) as List<Event>;
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

/** What verification found of what the module is to run; undefined while nothing was verified. */
export async function getReport(client: Client, name: string): Promise<Report | undefined> {
  try {
    return (await client.json({ path: modulePath(name, '/verification') })) as Report;
  } catch (error) {
    if (isRegistrarError(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/** From the repository of a module to its containers: each link, and whether it holds now. */
export async function getTrust(client: Client, name: string): Promise<TrustAnswer> {
  return (await client.json({ path: modulePath(name, '/trust') })) as TrustAnswer;
}

/** What the last build of a module printed, as a byte stream. */
export function streamBuildLog(
  client: Client,
  name: string,
  follow: boolean,
): Promise<IncomingMessage> {
  const query = { follow: follow ? 'true' : undefined };
  return client.stream({ path: modulePath(name, '/buildlog'), query });
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
