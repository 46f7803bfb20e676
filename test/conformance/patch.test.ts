import { expect } from 'vitest';
import { checklistOf, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.create('idle.yaml');
  await cluster.untilSettled('demo');
});
const { item } = checklistOf(cluster);

const replicas = async (): Promise<number> => (await cluster.module('demo')).spec.replicas;
const metadata = async () => (await cluster.module('demo')).metadata;

item(
  46,
  `kubectl patch mod demo --type=merge -p '{"spec":{"replicas":4}}'`,
  prints(/demo patched$/m),
);

item(
  47,
  `kubectl patch mod demo --type=merge -p '{"spec":{"replicas":4}}'`,
  prints('demo patched (no change)'),
);

const TEST_AND_SET = [
  { op: 'test', path: '/spec/replicas', value: 4 },
  { op: 'replace', path: '/spec/replicas', value: 5 },
];

item(48, `kubectl patch mod demo --type=json -p '${JSON.stringify(TEST_AND_SET)}'`, async (ran) => {
  prints(/demo patched$/m)(ran);
  expect(await replicas()).toBe(5);
});

item(
  49,
  `kubectl patch mod demo --type=json -p '${JSON.stringify(TEST_AND_SET)}'`,
  fails('The request is invalid: the server rejected our request due to an error in our request'),
  'wording',
);

item(
  50,
  `kubectl patch mod demo -p '{"spec":{"replicas":1}}'`,
  fails('application/strategic-merge-patch+json is not supported by'),
  'wording',
);

item(
  51,
  `kubectl patch mod demo --type=merge -p '{"metadata":{"resourceVersion":"1"}}'`,
  fails('(Conflict)'),
);

item(52, 'kubectl label mod demo tier=x && kubectl annotate mod demo note=hi', async (ran) => {
  prints('demo labeled', /demo annotated?/)(ran);
  expect(await metadata()).toMatchObject({
    ...{ generation: 3, labels: { tier: 'x' }, annotations: { note: 'hi' } },
  });
});

item(
  53,
  `kubectl patch mod demo --type=merge -p '{"status":{"phase":"Failed"}}'`,
  prints('demo patched (no change)'),
);

item(
  54,
  `kubectl patch mod demo --subresource=status --type=merge -p '{"status":{"phase":"Failed"},"spec":{"replicas":99}}'`,
  async (ran) => {
    prints(/demo patched$/m)(ran);
    expect(await replicas()).toBe(5);
    expect(await metadata()).toMatchObject({ generation: 3 });
  },
  'subresource',
);

item(55, 'kubectl scale mod demo --replicas=6', async (ran) => {
  prints('demo scaled')(ran);
  expect(await replicas()).toBe(6);
});

item(56, 'kubectl scale mod demo --current-replicas=6 --replicas=2', async (ran) => {
  prints('demo scaled')(ran);
  expect(await replicas()).toBe(2);
});

item(
  57,
  'kubectl scale mod demo --current-replicas=1 --replicas=9',
  fails('Expected replicas to be 1, was 2'),
);

item(
  58,
  `KUBE_EDITOR="sed -i 's/^  replicas: .*/  replicas: 8/'" kubectl edit mod demo`,
  async (ran) => {
    prints('demo edited')(ran);
    expect(await replicas()).toBe(8);
  },
);

item(
  59,
  `KUBE_EDITOR="sed -i 's/^  replicas: .*/  replicas: -8/'" kubectl edit mod demo`,
  fails(/modules\S* "demo" is invalid/, 'A copy of your changes has been stored to'),
);
