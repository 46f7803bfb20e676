import type { ApiDeps } from '../../../src/api/deps.js';
import { startTestServer } from '../../api/test-server.js';
import { aModule, openTestApi, TOKEN } from '../../api/test-api.js';
import type { TestApi } from '../../api/test-api.js';
import { aTrust } from '../trust.js';
import { ask } from '../wire.js';
import type { Connection, WireAnswer, WireRequest } from '../wire.js';

export const GROUP = '/apis/registrar.synapsis.network/v1';
export const MODULES = `${GROUP}/modules`;
export const EVENTS = '/api/v1/events';

/** The API as a client on the network sees it: a real store, no engine. */
export interface WireApi {
  readonly api: TestApi;
  readonly connection: Connection;
  readonly send: (method: string, path: string, request?: WireRequest) => Promise<WireAnswer>;
  /** Stores a module as `kubectl create` does. */
  readonly create: (name: string, spec?: object, metadata?: object) => Promise<WireAnswer>;
}

/** Opens one that ends with the test. */
export async function wireApi(overrides: Partial<ApiDeps> = {}): Promise<WireApi> {
  const api = await openTestApi(overrides);
  const { certificates, ca } = await aTrust();
  const { port } = await startTestServer(api, { certificates });
  const connection = { url: `https://127.0.0.1:${port}`, ca, token: TOKEN };
  const send: WireApi['send'] = (method, path, request) => ask(connection, method, path, request);
  return {
    ...{ api, connection, send },
    create: (name, spec, metadata) =>
      send('POST', `${MODULES}?fieldManager=kubectl-create&fieldValidation=Strict`, {
        headers: JSON_BODY,
        body: aModule(name, spec, metadata),
      }),
  };
}

/** What clients say about a body. */
export const JSON_BODY = { 'content-type': 'application/json' };
export const MERGE_PATCH = { 'content-type': 'application/merge-patch+json' };
export const JSON_PATCH = { 'content-type': 'application/json-patch+json' };
export const STRATEGIC_PATCH = { 'content-type': 'application/strategic-merge-patch+json' };
export const APPLY_PATCH = { 'content-type': 'application/apply-patch+yaml' };
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const discovery = (version: string): string =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;

/** What clients accept, as they write it. */
export const ACCEPT = {
  /** kubectl 1.30 and newer. */
  discovery: [discovery('v2'), discovery('v2beta1'), 'application/json'].join(','),
  /** kubectl 1.27 to 1.29. */
  olderDiscovery: [discovery('v2beta1'), 'application/json'].join(','),
  /** client-go of the newest versions. */
  newerDiscovery: [discovery('v2'), 'application/json'].join(','),
  /** A version to come. */
  futureDiscovery: [discovery('v9'), 'application/json'].join(','),
  table:
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
  protobufOrJson: 'application/vnd.kubernetes.protobuf,application/json',
  protobufOrAny: 'application/vnd.kubernetes.protobuf, */*',
  openapi: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
} as const;
