import {
  ApiException,
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { aModule } from '../../api/test-api.js';
import { wireApi } from '../http/wire-api.js';
import { kubeConfig, MODULE_KIND } from './client-node.js';

const DEMO = { ...MODULE_KIND, name: 'demo' };

const as = (type: string) => setHeaderOptions('Content-Type', type);

/** The HTTP code that a call is refused with. */
async function codeOf(call: Promise<unknown>): Promise<number> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiException) return error.code;
  throw new Error(`The call was not refused by the server: ${String(error)}`);
}

async function withDemo(): Promise<CustomObjectsApi> {
  const { connection } = await wireApi();
  const api = kubeConfig(connection).makeApiClient(CustomObjectsApi);
  const body = aModule('demo', { replicas: 2 }, { labels: { app: 'demo' } });
  await api.createClusterCustomObject({ ...MODULE_KIND, body });
  return api;
}

describe('L1 CustomObjectsApi', () => {
  it('creates, reads and lists by label', async () => {
    const api = await withDemo();
    expect(await api.getClusterCustomObject(DEMO)).toMatchObject({ spec: { replicas: 2 } });
    const list = await api.listClusterCustomObject({ ...MODULE_KIND, labelSelector: 'app=demo' });
    expect(list).toMatchObject({ kind: 'ModuleList', items: [{ metadata: { name: 'demo' } }] });
    const none = await api.listClusterCustomObject({ ...MODULE_KIND, labelSelector: 'app=x' });
    expect(none).toMatchObject({ items: [] });
  });

  it('patches in each way, when it says which', async () => {
    const api = await withDemo();
    const merged = await api.patchClusterCustomObject(
      { ...DEMO, body: { spec: { replicas: 3 } } },
      as(PatchStrategy.MergePatch),
    );
    expect(merged).toMatchObject({ spec: { replicas: 3 } });
    const patched = await api.patchClusterCustomObject({
      ...{ ...DEMO, body: [{ op: 'replace', path: '/spec/replicas', value: 4 }] },
    });
    expect(patched).toMatchObject({ spec: { replicas: 4 } });
    const applied = await api.patchClusterCustomObject(
      { ...DEMO, body: aModule('demo', { replicas: 5 }), fieldManager: 'me', force: true },
      as(PatchStrategy.ServerSideApply),
    );
    expect(applied).toMatchObject({ spec: { replicas: 5 } });
  });

  it('patches the status and reads the scale', async () => {
    const api = await withDemo();
    const changed = await api.patchClusterCustomObjectStatus(
      { ...DEMO, body: { status: { phase: 'Failed' } } },
      as(PatchStrategy.MergePatch),
    );
    expect(changed).toMatchObject({ status: { phase: 'Failed' } });
    expect(await api.getClusterCustomObjectScale(DEMO)).toMatchObject({
      ...{ kind: 'Scale', spec: { replicas: 2 } },
    });
  });

  it('replaces what it has read, once', async () => {
    const api = await withDemo();
    const read = await api.getClusterCustomObject(DEMO);
    const replace = (replicas: number) =>
      api.replaceClusterCustomObject({
        ...{ ...DEMO, body: { ...read, spec: { ...read.spec, replicas } } },
      });
    expect(await replace(6)).toMatchObject({ spec: { replicas: 6 } });
    expect(await codeOf(replace(7))).toBe(409);
  });

  it('deletes one, with an empty body that it calls JSON, and all', async () => {
    const api = await withDemo();
    await api.createClusterCustomObject({ ...MODULE_KIND, body: aModule('other') });
    expect(await api.deleteClusterCustomObject(DEMO)).toMatchObject({
      metadata: { deletionTimestamp: expect.any(String) },
    });
    expect(await api.deleteCollectionClusterCustomObject(MODULE_KIND)).toMatchObject({
      ...{ kind: 'ModuleList', items: [{}, {}] },
    });
  });

  it('hears why it is refused', async () => {
    const api = await withDemo();
    const again = api.createClusterCustomObject({ ...MODULE_KIND, body: aModule('demo') });
    expect(await codeOf(again)).toBe(409);
    expect(await codeOf(api.getClusterCustomObject({ ...DEMO, name: 'nope' }))).toBe(404);
    const strategic = api.patchClusterCustomObject(
      { ...DEMO, body: {} },
      as(PatchStrategy.StrategicMergePatch),
    );
    expect(await codeOf(strategic)).toBe(415);
  });
});
