import type { FastifyInstance, InjectOptions } from 'fastify';
import { onTestFinished } from 'vitest';
import type { ApiDeps } from '../../src/api/deps.js';
import { buildServer } from '../../src/api/server.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import type { Registry } from '../../src/registry/registry.js';
import { IDLE } from '../helpers/idle-operations.js';
import { NO_LIMIT } from '../helpers/rates.js';
import { openTempRegistry } from '../helpers/temp-registry.js';
import type { TempRegistry } from '../helpers/temp-registry.js';

export const TOKEN = 'the-token-of-this-test';
export const MODULES = '/apis/registrar.synapsis.network/v1/modules';
export const EVENTS = '/api/v1/events';
export const MERGE_PATCH = 'application/merge-patch+json';

export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The answer as JSON; what a test reads of it is what it asserts. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export type Method = NonNullable<InjectOptions['method']>;

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** The API of a real registry. */
export interface TestApi {
  readonly server: FastifyInstance;
  readonly store: TempRegistry;
  readonly registry: Registry;
  /** What is true of the daemon when it stops. */
  readonly shutdown: AbortController;
  /** A request of the operator, who has the token. */
  call(method: Method, url: string, options?: CallOptions): Promise<Answer>;
}

/** Only in a test: what it opens is closed when the test ends. */
export async function openTestApi(overrides: Partial<ApiDeps> = {}): Promise<TestApi> {
  const store = await openTempRegistry();
  const shutdown = new AbortController();
  const server = buildServer({
    registry: overrides.registry ?? store.registry,
    operations: IDLE,
    config: undefined,
    token: TOKEN,
    version: '0.1.0',
    metrics: async () => '# no metrics\n',
    readiness: () => ({ ok: true, checks: [] }),
    clock: systemClock,
    log: silentLog,
    shutdown: shutdown.signal,
    rates: NO_LIMIT,
    ...overrides,
  });
  onTestFinished(() => server.close());
  const call: TestApi['call'] = (method, url, options = {}) => inject(server, method, url, options);
  return { server, store, registry: store.registry, shutdown, call };
}

async function inject(
  server: FastifyInstance,
  method: Method,
  url: string,
  { body, headers = {} }: CallOptions,
): Promise<Answer> {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await server.inject({
    method,
    url,
    headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    ...(body !== undefined && { payload: isText ? body : JSON.stringify(body) }),
  });
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  return {
    code: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: isJson && response.body !== '' ? (JSON.parse(response.body) as unknown) : undefined,
  };
}

/** A small Module as a client writes it. */
export function aModule(name: string, spec: object = {}, metadata: object = {}) {
  return {
    apiVersion: 'registrar.synapsis.network/v1',
    kind: 'Module',
    metadata: { name, ...metadata },
    spec: { version: '1.0.0', type: 'miner', license: 'MIT', image: 'sample:1', ...spec },
  };
}
