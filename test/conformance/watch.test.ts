import { expect } from 'vitest';
import { checklistOf } from './checklist.js';
import { aCluster } from './cluster.js';
import { MODULES } from './cluster.js';
import { watch, watched } from './wire.js';
import type { WireEvent } from './wire.js';

const cluster = aCluster(async () => {
  await cluster.create('demo.yaml');
  await cluster.create('gen.yaml');
  await cluster.untilReady('demo');
});
const { beside, item, request, wire } = checklistOf(cluster);

beside(66, 'kubectl get mod demo -w -o name', async (running) => {
  await running.prints(/^module\.registrar\.synapsis\.network\/demo\n/);
  await cluster.mustRun('kubectl label mod demo seen=twice');
  await running.prints(/^(module\.registrar\.synapsis\.network\/demo\n){2}/);
});

beside(67, 'kubectl get mod -w --output-watch-events', async (running) => {
  await running.prints(/^ADDED .*demo[^]*^ADDED .*gen-/m);
  await cluster.mustRun('kubectl delete $(kubectl get mod -o name | grep gen-)');
  await running.prints(/^DELETED .*gen-/m);
});

beside(
  68,
  "kubectl wait --for=jsonpath='{.spec.replicas}'=3 mod/demo --timeout=60s -v=6",
  async (running) => {
    await running.tells(/watch=true/);
    await cluster.mustRun('kubectl scale mod demo --replicas=3');
    expect(await running.ends()).toMatchObject({ code: 0 });
    expect(running.output()).toContain('demo condition met');
  },
  'waitForJson',
);

item(69, 'kubectl wait --for=condition=Nope mod/demo --timeout=2s', ({ code, stderr }) => {
  expect(code).toBe(1);
  expect(stderr).toContain('timed out waiting for the condition on modules/demo');
});

request(70, `GET ${MODULES}?watch=true&resourceVersion=99999999`, {}, ({ json }) => {
  const status = json.type === 'ERROR' ? json.object : json;
  expect(status).toMatchObject({ kind: 'Status', code: 410, reason: 'Expired' });
});

const INITIAL = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

wire(71, `GET ${MODULES}?watch=true&${INITIAL}&timeoutSeconds=1`, async (connection, path) => {
  const events = await watched(connection, path);
  const [added, bookmark] = events;
  expect(added).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'demo' } } });
  expect(bookmark).toMatchObject({
    type: 'BOOKMARK',
    object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  });
});

wire(72, `GET ${MODULES}?watch=True&timeoutSeconds=1`, async (connection, path) => {
  const [first] = await watched(connection, path);
  expect(first?.type).toBe('ADDED');
});

wire(
  73,
  `GET ${MODULES}?watch=true&labelSelector=app=demo&resourceVersion=NOW`,
  async (connection, path) => {
    const { metadata } = await cluster.module('demo');
    const events = watch(connection, path.replace('NOW', metadata.resourceVersion));
    const leaving = firstOf(events, 'DELETED');
    await cluster.mustRun('kubectl label mod demo app=other --overwrite');
    const { object } = await leaving;
    expect(object.metadata.labels.app).toBe('demo');
    expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(
      Number(metadata.resourceVersion),
    );
  },
);

async function firstOf(events: AsyncIterable<WireEvent>, type: string): Promise<WireEvent> {
  for await (const event of events) if (event.type === type) return event;
  throw new Error(`The watch ended without ${type}`);
}

request(74, `GET ${MODULES}?resourceVersion=99999999`, {}, ({ code, headers, json }) => {
  expect(code).toBe(504);
  expect(headers).not.toHaveProperty('retry-after');
  expect(json).toMatchObject({
    reason: 'Timeout',
    details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
  });
});
