import { KubeConfig, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { aModule } from '../../api/test-api.js';
import { wireApi } from '../http/wire-api.js';
import { kubeConfig } from './client-node.js';
import type { ClientModule } from './client-node.js';

const TYPE = { apiVersion: 'registrar.synapsis.network/v1', kind: 'Module' };
const DEMO = { ...TYPE, metadata: { name: 'demo' } };

async function withDemo(): Promise<KubernetesObjectApi> {
  const { connection } = await wireApi();
  const api = KubernetesObjectApi.makeApiClient(kubeConfig(connection));
  await api.create<ClientModule>(aModule('demo', { replicas: 2 }));
  return api;
}

const patch = (api: KubernetesObjectApi, object: ClientModule, strategy: PatchStrategy) =>
  api.patch<ClientModule>(object, undefined, undefined, 'me', undefined, strategy);

describe('L2 KubernetesObjectApi', () => {
  it('finds the path by discovery, and reads a time as a time', async () => {
    const api = await withDemo();
    const { metadata } = await api.read<ClientModule>(DEMO);
    expect(metadata?.creationTimestamp).toBeInstanceOf(Date);
    const { items } = await api.list<ClientModule>(TYPE.apiVersion, TYPE.kind);
    expect(items.map((each) => each.metadata?.name)).toEqual(['demo']);
  });

  it('merges', async () => {
    const change = { ...DEMO, spec: { replicas: 3 } };
    const { spec } = await patch(await withDemo(), change, PatchStrategy.MergePatch);
    expect(spec).toMatchObject({ replicas: 3 });
  });

  it('applies on the server', async () => {
    const api = await withDemo();
    const labelled: ClientModule = { ...DEMO, metadata: { name: 'demo', labels: { a: 'b' } } };
    const { metadata } = await patch(api, labelled, PatchStrategy.ServerSideApply);
    expect(metadata?.labels).toEqual({ a: 'b' });
  });

  it('replaces and deletes what it has read', async () => {
    const api = await withDemo();
    const read = await api.read<ClientModule>(DEMO);
    const { spec } = await api.replace({ ...read, spec: { ...read.spec, replicas: 4 } });
    expect(spec).toMatchObject({ replicas: 4 });
    await api.delete(DEMO);
    const { metadata } = await api.read<ClientModule>(DEMO);
    expect(metadata?.deletionTimestamp).toBeInstanceOf(Date);
  });
});

it('L7 refuses by itself to send a token in clear text', async () => {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'here', server: 'http://127.0.0.1:1', skipTLSVerify: false },
    { name: 'me', token: 'secret' },
  );
  const api = KubernetesObjectApi.makeApiClient(config);
  await expect(api.read(DEMO)).rejects.toThrow(/HTTP protocol is not allowed/);
});
