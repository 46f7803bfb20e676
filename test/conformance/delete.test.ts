import { expect } from 'vitest';
import { checklistOf, fails, prints } from './checklist.js';
import { aCluster, MODULES } from './cluster.js';

const cluster = aCluster(async () => {
  await Promise.all(
    ['demo.yaml', 'ssa.yaml', 'fin.yaml', 'held.yaml'].map((file) => cluster.create(file)),
  );
  await cluster.untilReady('demo');
  await cluster.untilReady('fin');
});
const { beside, item, request } = checklistOf(cluster);

const deleted = (name: string): string => `module.registrar.synapsis.network "${name}" deleted`;
const deletedAt = async (): Promise<string> =>
  (await cluster.module('held')).metadata.deletionTimestamp;

item(
  75,
  'kubectl delete mod ssa --dry-run=server; kubectl get mod ssa -o name',
  prints(`${deleted('ssa')} (server dry run)`, /^module\.registrar\.synapsis\.network\/ssa$/m),
  'dryRun',
);

item(76, 'kubectl delete mod ssa', prints(deleted('ssa')));

item(77, 'kubectl delete mod ssa', fails('Error from server (NotFound)'));

item(78, 'kubectl delete mod fin', async (ran) => {
  prints(deleted('fin'))(ran);
  expect(await cluster.module('fin')).toBeUndefined();
});

let heldSince: string;

item(79, 'kubectl delete mod held --timeout=2s', async (ran) => {
  fails('timed out waiting for the condition on modules/held')(ran);
  heldSince = await deletedAt();
  expect(heldSince).toMatch(/^\d{4}-.*Z$/);
});

item(80, 'kubectl delete mod held --wait=false', async (ran) => {
  prints(deleted('held'))(ran);
  expect(await deletedAt()).toBe(heldSince);
});

item(
  81,
  `kubectl patch mod held --type=merge -p '{"metadata":{"finalizers":["a.b/c","example.com/hold"]}}'`,
  fails(
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted',
  ),
);

beside(82, 'kubectl wait --for=delete mod/held --timeout=60s -v=6', async (running) => {
  await running.tells(/watch=true/);
  await cluster.mustRun(
    `kubectl patch mod held --type=merge -p '{"metadata":{"finalizers":null}}'`,
  );
  expect(await running.ends()).toMatchObject({ code: 0 });
  expect(running.output()).toContain('held condition met');
});

request(
  83,
  `DELETE ${MODULES}/demo`,
  { headers: { 'content-type': 'application/json' }, body: { preconditions: { uid: 'x' } } },
  async ({ code, json }) => {
    expect({ code, reason: json.reason }).toEqual({ code: 409, reason: 'Conflict' });
    expect((await cluster.module('demo')).metadata).not.toHaveProperty('deletionTimestamp');
  },
);

request(
  84,
  `DELETE ${MODULES}/gen-x`,
  { headers: { 'content-type': 'application/json' } },
  ({ code, json }) =>
    expect({ code, reason: json.reason }).toEqual({ code: 404, reason: 'NotFound' }),
);

item(85, 'kubectl delete revisions local', fails('(MethodNotAllowed)'));
