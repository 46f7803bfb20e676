import { expect } from 'vitest';
import { checklistOf, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.mustRun('kubectl apply -f demo.yaml');
  await cluster.untilReady('demo');
});
const { item } = checklistOf(cluster);

const APPLIED = 'module.registrar.synapsis.network/ssa serverside-applied';

item(60, 'kubectl apply --server-side -f ssa.yaml', async (ran) => {
  prints(APPLIED)(ran);
  const { metadata } = await cluster.module('ssa');
  expect(metadata.managedFields).toContainEqual(
    expect.objectContaining({ manager: 'kubectl', operation: 'Apply' }),
  );
});

item(
  61,
  'kubectl diff --server-side -f ssa3.yaml',
  ({ code, stdout }) => {
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\+  replicas: 3$/m);
    expect(stdout).toMatch(/^-\s+- name: B$/m);
  },
  'dryRun',
);

item(62, 'kubectl apply --server-side -f ssa3.yaml', async (ran) => {
  prints(APPLIED)(ran);
  expect((await cluster.module('ssa')).spec).toMatchObject({
    ...{ replicas: 3, env: [{ name: 'A', value: '1' }] },
  });
});

item(
  63,
  'kubectl apply --server-side --field-manager=other -f ssa.yaml',
  fails('Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas'),
);

item(
  64,
  'kubectl apply --server-side --field-manager=other --force-conflicts -f ssa.yaml',
  async (ran) => {
    prints(APPLIED)(ran);
    expect((await cluster.module('ssa')).spec.replicas).toBe(2);
  },
);

item(
  65,
  'kubectl apply --server-side -f demo3.yaml',
  async (ran) => {
    prints('module.registrar.synapsis.network/demo serverside-applied')(ran);
    const { metadata, spec } = await cluster.module('demo');
    const managers = metadata.managedFields.map(({ manager }: { manager: string }) => manager);
    expect(managers).not.toContain('kubectl-client-side-apply');
    expect(spec).toMatchObject({ replicas: 3, env: [{ name: 'A', value: '1' }] });
  },
  'migration',
);
