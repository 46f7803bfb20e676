import { expect } from 'vitest';
import { checklistOf, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.create('demo.yaml');
  await cluster.create('gen.yaml');
  await cluster.untilReady('demo');
});
const { item } = checklistOf(cluster);

const DEMO = 'module.registrar.synapsis.network/demo';

item(
  22,
  'kubectl get modules',
  prints(
    /^NAME +VERSION +TYPE +PHASE +READY +RESTARTS +COMMIT +AGE$/m,
    /^demo +1\.0\.0 +miner +Running +\S+ +0 .*\b\d+m?s$/m,
  ),
);

item(23, 'kubectl get mod demo -o wide', prints(/^NAME .*\bIMAGE\b/, /^demo .*busybox:1/m));

item(24, 'kubectl get modules.v1.registrar.synapsis.network -o name', prints(DEMO));

item(25, "kubectl get mod demo -o jsonpath='{.status.phase}'", prints(/^Running$/));

item(
  26,
  'kubectl get mod -o custom-columns=N:.metadata.name,R:.spec.replicas',
  prints(/^N +R$/m, /^demo +2$/m),
);

item(
  27,
  "kubectl get mod -l 'app in (demo,x),!nope' -L app",
  prints(/^NAME .* APP$/m, /^demo .* demo$/m),
);

item(
  28,
  'kubectl get mod --field-selector metadata.name=demo -o name',
  prints(/^module\.registrar\.synapsis\.network\/demo\n$/),
);

item(
  29,
  'kubectl get mod --field-selector spec.foo=1',
  fails('(BadRequest)', 'field label not supported: spec.foo'),
);

item(30, 'kubectl get mod --sort-by=.spec.replicas', prints(/^gen-[^]*^demo /m));

item(31, 'kubectl get mod --chunk-size=1 -o name', prints(DEMO, /\/gen-[a-z0-9]{5}$/m));

item(32, 'kubectl get all', prints(DEMO));

item(
  33,
  'kubectl get mod nope',
  fails('Error from server (NotFound): modules.registrar.synapsis.network "nope" not found'),
);

item(34, 'kubectl get mod nope --ignore-not-found', ({ code, stdout, stderr }) =>
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' }),
);

item(
  35,
  'kubectl describe mod demo',
  prints(/^Spec:$/m, /^Status:$/m, /^Events:\n[^]*Normal +Started/m),
);

item(36, 'kubectl events --for module/demo', prints(/Module\/demo/), 'events');

item(
  37,
  'kubectl get events --field-selector involvedObject.name=demo',
  prints(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE$/m, /module\/demo/i),
);
