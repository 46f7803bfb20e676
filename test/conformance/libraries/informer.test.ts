import { CustomObjectsApi, makeInformer, Watch } from '@kubernetes/client-node';
import type { Informer } from '@kubernetes/client-node';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { failure, faultProxy } from '../fault-proxy.js';
import type { FaultProxy } from '../fault-proxy.js';
import { MERGE_PATCH, MODULES, wireApi } from '../http/wire-api.js';
import type { WireApi } from '../http/wire-api.js';
import { kubeConfig, MODULE_KIND } from './client-node.js';
import type { ClientModule, ClientModuleList } from './client-node.js';

const LIST = /^GET \S*\/modules(?!\?watch|\S*[?&]watch)/;
const WATCH = /[?&]watch=true/;

interface Scene {
  readonly wire: WireApi;
  readonly proxy: FaultProxy;
  readonly informer: Informer<ClientModule>;
  /** What the informer told, as `add demo`. */
  readonly told: string[];
  readonly errors: unknown[];
}

/** An informer whose watches the server ends each second. */
async function anInformer(): Promise<Scene> {
  const wire = await wireApi();
  const { proxy, connection } = await faultProxy(wire.connection);
  proxy.shortenWatches(1);
  const config = kubeConfig(connection);
  const api = config.makeApiClient(CustomObjectsApi);
  const informer = makeInformer<ClientModule>(config, MODULES, async () => {
    return (await api.listClusterCustomObject(MODULE_KIND)) as ClientModuleList;
  });
  const told: string[] = [];
  const errors: unknown[] = [];
  for (const verb of ['add', 'update', 'delete'] as const) {
    informer.on(verb, ({ metadata }) => void told.push(`${verb} ${metadata?.name}`));
  }
  informer.on('error', (error: unknown) => void errors.push(error));
  onTestFinished(() => informer.stop());
  await informer.start();
  return { wire, proxy, informer, told, errors };
}

const countOf = ({ requests }: FaultProxy, match: RegExp): number =>
  requests.filter((line) => match.test(line)).length;

const scale = ({ send }: WireApi, replicas: number) =>
  send('PATCH', `${MODULES}/demo`, { headers: MERGE_PATCH, body: { spec: { replicas } } });

const WAIT = { timeout: 20_000, interval: 20 };

describe('an informer', () => {
  it('L3 goes on from the last version when its watches end, and hears each change once', async () => {
    const { wire, proxy, told, errors } = await anInformer();
    await wire.create('demo');
    for (let replicas = 2; replicas < 5; replicas += 1) {
      const watches = countOf(proxy, WATCH);
      await scale(wire, replicas);
      await vi.waitFor(() => expect(countOf(proxy, WATCH)).toBeGreaterThan(watches), WAIT);
    }
    const all = ['add demo', 'update demo', 'update demo', 'update demo'];
    await vi.waitFor(() => expect(told).toEqual(all), WAIT);
    expect({ lists: countOf(proxy, LIST), errors }).toEqual({ lists: 1, errors: [] });
  });

  it.each([
    ['an event', { code: 200, body: { type: 'ERROR', object: failure(410, 'Expired') } }],
    ['an answer', { code: 410, body: failure(410, 'Expired') }],
  ])('L4 lists again after 410 as %s, and goes on', async (_form, fault) => {
    const { wire, proxy, told, errors } = await anInformer();
    await vi.waitFor(() => expect(countOf(proxy, WATCH)).toBe(1), WAIT);
    proxy.answer(WATCH, fault);
    await vi.waitFor(() => expect(countOf(proxy, LIST)).toBe(2), WAIT);
    await wire.create('demo');
    await vi.waitFor(() => expect(told).toEqual(['add demo']), WAIT);
    expect(errors).toEqual([]);
  });

  it('L5 tells of a failure, and goes on when started again', async () => {
    const { wire, proxy, informer, told, errors } = await anInformer();
    proxy.answer(WATCH, { code: 500, body: failure(500, 'InternalError') });
    await vi.waitFor(() => expect(errors).toHaveLength(1), WAIT);
    await informer.start();
    await wire.create('demo');
    await vi.waitFor(() => expect(told).toEqual(['add demo']), WAIT);
  });
});

it('L6 a watch ends cleanly after a bookmark', async () => {
  const { connection, create } = await wireApi();
  await create('demo');
  const seen: string[] = [];
  const query = { timeoutSeconds: 1, allowWatchBookmarks: true };
  const error = await new Promise((resolve, reject) => {
    new Watch(kubeConfig(connection))
      .watch(MODULES, query, (type) => void seen.push(type), resolve)
      .catch(reject);
  });
  expect({ error, seen }).toEqual({ error: null, seen: ['ADDED', 'BOOKMARK'] });
});
