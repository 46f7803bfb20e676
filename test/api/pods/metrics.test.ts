import { describe, expect, it } from 'vitest';
import { podWorld } from './pod-world.js';

const METRICS = '/apis/metrics.k8s.io/v1beta1';
const IN_DEFAULT = `${METRICS}/namespaces/default/pods`;

interface Metrics {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
}

describe('metrics.k8s.io', () => {
  it('tells how much the pods use', async () => {
    const { get } = await podWorld(2);
    const answer = await (await get(`${METRICS}/pods`)).json();
    expect(answer).toMatchObject({
      ...{ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {} },
      items: [
        {
          kind: 'PodMetrics',
          metadata: { name: 'web-0', namespace: 'default' },
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          window: expect.stringMatching(/^(?:\d+ms|\d+(?:\.\d+)?s)$/),
          containers: [{ name: 'module', usage: { cpu: '0n', memory: '4Ki' } }],
        },
        { metadata: { name: 'web-1' } },
      ],
    });
    expect(await (await get(IN_DEFAULT)).json()).toEqual(answer);
    expect(await (await get(`${METRICS}/namespaces/other/pods`)).json()).toMatchObject({
      items: [],
    });
  });

  it('selects by labels', async () => {
    const { get } = await podWorld(2);
    const selector = encodeURIComponent('registrar.synapsis.network/slot=1');
    const answer = await (await get(`${IN_DEFAULT}?labelSelector=${selector}`)).json();
    const { items } = answer as { items: Metrics[] };
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['web-1']);
  });

  it('tells of one pod, and is 404 for one that is not there or does not run', async () => {
    const { runtime, ids, get, read } = await podWorld(2);
    expect(await (await get(`${IN_DEFAULT}/web-1`)).json()).toMatchObject({
      ...{ kind: 'PodMetrics', metadata: { name: 'web-1' } },
    });
    const [code, text] = await read(`${IN_DEFAULT}/nope`);
    expect([code, JSON.parse(text)]).toMatchObject([
      404,
      { reason: 'NotFound', message: 'pods.metrics.k8s.io "nope" not found' },
    ]);
    runtime.engine.pause(ids[0] ?? '');
    runtime.engine.remove(ids[0] ?? '');
    expect((await read(`${IN_DEFAULT}/web-0`))[0]).toBe(404);
  });

  it('is 503 while the engine is away, and 405 to watch', async () => {
    const { runtime, read } = await podWorld();
    expect((await read(`${METRICS}/pods?watch=true`))[0]).toBe(405);
    runtime.goAway();
    const [code, text] = await read(`${METRICS}/pods`);
    expect([code, JSON.parse(text)]).toMatchObject([503, { kind: 'Status' }]);
  });

  it('is found by clients that look for it', async () => {
    const { get } = await podWorld();
    expect(await (await get('/apis')).text()).toContain('metrics.k8s.io/v1beta1');
    expect(await (await get(METRICS)).json()).toMatchObject({
      resources: [{ name: 'pods', kind: 'PodMetrics', namespaced: true, verbs: ['get', 'list'] }],
    });
  });
});

it('there are no services', async () => {
  const { get } = await podWorld();
  const services = await (await get('/api/v1/namespaces/default/services')).json();
  expect(services).toMatchObject({ kind: 'ServiceList', apiVersion: 'v1', items: [] });
});
