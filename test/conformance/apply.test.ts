import { expect } from 'vitest';
import { checklistOf, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.create('demo.yaml');
  await cluster.untilReady('demo');
});
const { item } = checklistOf(cluster);

const generation = async (): Promise<number> => (await cluster.module('demo')).metadata.generation;

item(
  38,
  'kubectl apply -f demo.yaml',
  prints('kubectl.kubernetes.io/last-applied-configuration', 'demo configured'),
);

item(39, 'kubectl apply -f demo.yaml -v=6', (ran) => {
  prints('demo unchanged')(ran);
  expect(ran.stderr).not.toContain('PATCH');
});

item(
  40,
  'kubectl diff -f demo3.yaml',
  async ({ code, stdout }) => {
    expect(code).toBe(1);
    expect(stdout).toMatch(/^-  replicas: 2$/m);
    expect(stdout).toMatch(/^\+  replicas: 3$/m);
    expect((await cluster.module('demo')).spec.replicas).toBe(2);
  },
  'dryRun',
);

item(41, 'kubectl apply -f demo3.yaml', async (ran) => {
  prints('demo configured')(ran);
  const { metadata, spec } = await cluster.module('demo');
  expect(spec.env).toEqual([{ name: 'A', value: '1' }]);
  expect(metadata.generation).toBe(2);
});

item(
  42,
  'kubectl diff -f demo3.yaml',
  ({ code, stdout }) => expect({ code, stdout }).toEqual({ code: 0, stdout: '' }),
  'dryRun',
);

item(
  43,
  'kubectl apply -f demo.yaml --dry-run=server',
  async (ran) => {
    prints('demo configured (server dry run)')(ran);
    expect(await generation()).toBe(2);
  },
  'dryRun',
);

item(
  44,
  'kubectl wait --for=condition=Ready mod/demo --timeout=30s && kubectl replace -f demo.yaml',
  async (ran) => {
    prints('demo replaced')(ran);
    expect(await generation()).toBe(3);
  },
);

item(
  45,
  'kubectl get mod demo -o yaml >old.yaml && kubectl label mod demo old=no && kubectl replace -f old.yaml',
  fails('(Conflict)', 'the object has been modified'),
);
