import { expect, test } from 'vitest';
import { checklistOf, prints } from './checklist.js';
import { aCluster } from './cluster.js';
import { describeVersions } from './kubectl.js';

const cluster = aCluster();
const { item, request } = checklistOf(cluster);

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const OPENAPI_V2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

test('says which kubectl runs and what it can do', () => {
  console.info(describeVersions(cluster.versions));
  expect(cluster.versions.client).toMatch(/^v1\.\d+/);
});

item(1, 'kubectl api-versions', prints(/^registrar\.synapsis\.network\/v1$/m, /^v1$/m));

item(
  2,
  'kubectl api-resources --api-group=registrar.synapsis.network -o wide',
  prints(/^modules +mod +registrar\.synapsis\.network\/v1 +false +Module +.*deletecollection/m),
);

item(3, 'kubectl version', prints(/Server Version: .*v1\.\d+\./));

item(4, 'kubectl cluster-info', prints(/control plane.* is running at .*https:\/\/127\.0\.0\.1/));

item(
  5,
  'kubectl explain mod.spec.replicas',
  prints(/<integer>/, 'How many containers run'),
  'explain',
);

item(
  6,
  'kubectl explain mod.spec --recursive',
  prints(/^ +env\s+<\[\]Object>/m, /^ +secretKeyRef\s+<Object>/m),
  'explain',
);

item(
  6,
  'kubectl explain mod.spec --recursive | grep enum',
  prints('validator, miner, observer, inference'),
  'enum',
);

item(7, 'kubectl get --raw /readyz', prints(/^ok$/));

request(8, 'GET /apis', { headers: { accept: `${AGGREGATED},application/json` } }, (answer) => {
  expect(answer.code).toBe(200);
  expect(answer.headers['content-type']?.replaceAll(/[ "]/g, '')).toContain(AGGREGATED);
  expect(answer.json.kind).toBe('APIGroupDiscoveryList');
});

request(
  9,
  'GET /apis',
  { headers: { accept: `${AGGREGATED.replace('v2', 'v9')},application/json` } },
  ({ code, json }) =>
    expect({ code, kind: json.kind }).toEqual({ code: 200, kind: 'APIGroupList' }),
);

request(10, 'GET /openapi/v2', { headers: { accept: OPENAPI_V2 } }, ({ code, text }) => {
  expect(code).toBe(200);
  expect(Buffer.from(text).toString('hex')).toBe('0a03322e30');
});

request(11, 'GET /version/', {}, ({ code }) => expect(code).toBe(200));
request(11, 'GET /apis/', {}, ({ code }) => expect(code).toBe(200));
