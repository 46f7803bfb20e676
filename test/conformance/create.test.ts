import { expect } from 'vitest';
import { checklistOf, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster();
const { item } = checklistOf(cluster);

item(12, 'kubectl create -f demo.yaml', prints('module.registrar.synapsis.network/demo created'));

item(
  13,
  'kubectl create -f demo.yaml',
  fails(
    'Error from server (AlreadyExists)',
    'modules.registrar.synapsis.network "demo" already exists',
  ),
);

item(
  14,
  'kubectl create -f gen.yaml',
  prints(/module\.registrar\.synapsis\.network\/gen-[a-z0-9]{5} created/),
);

item(
  15,
  'kubectl create -f typo.yaml',
  fails('(BadRequest)', 'strict decoding error: unknown field "spec.replicaz"'),
  'fieldValidation',
);

item(
  16,
  'kubectl create -f typo.yaml --validate=warn',
  async (ran) => {
    prints('Warning: unknown field "spec.replicaz"', 'typo created')(ran);
    expect((await cluster.module('typo')).spec).not.toHaveProperty('replicaz');
  },
  'fieldValidation',
);

item(
  17,
  'kubectl create -f typo.yaml --validate=false --dry-run=server',
  fails('(AlreadyExists)'),
  'fieldValidation',
);

item(
  18,
  'kubectl create -f invalid.yaml',
  fails('The Module "invalid" is invalid:', /^\* spec\.type: /m, /^\* spec\.replicas: /m),
);

item(19, 'kubectl create -f badname.yaml', fails('metadata.name: Invalid value: "Bad_Name"'));

item(
  20,
  'kubectl create -f fin.yaml --dry-run=server; kubectl get mod fin',
  ({ stdout, stderr }) => {
    expect(stdout).toContain('fin created (server dry run)');
    expect(stderr).toContain('Error from server (NotFound)');
  },
  'dryRun',
);

item(
  21,
  'kubectl wait --for=condition=Ready mod/demo --timeout=30s',
  prints('module.registrar.synapsis.network/demo condition met'),
);
