import { fc } from '@fast-check/vitest';
import { API_VERSION } from '../../src/model/names.js';

const name = fc.stringMatching(/^[a-z0-9][-a-z0-9]{1,13}[a-z0-9]$/);
const text = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
const words = fc.array(text, { maxLength: 3 });
const port = fc.integer({ min: 1, max: 65535 });
const named = <T extends object>(arbitrary: fc.Arbitrary<T>, prefix: string) =>
  fc
    .array(arbitrary, { maxLength: 4 })
    .map((list) => list.map((one, index) => ({ ...one, name: `${prefix}${index}` })));

const probe = fc.oneof(
  fc.record({ exec: fc.record({ command: fc.array(text, { minLength: 1, maxLength: 3 }) }) }),
  fc.record({
    http: fc.record({ path: text.map((path) => `/${path}`), port }, { requiredKeys: ['port'] }),
  }),
  fc.record({ tcp: fc.record({ port }) }),
);
const healthCheck = fc
  .tuple(
    probe,
    fc.record(
      {
        intervalSeconds: fc.integer({ min: 1, max: 300 }),
        retries: fc.integer({ min: 1, max: 10 }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([kind, times]) => ({ ...kind, ...times }));

const secret = fc.record(
  {
    secretName: fc.constantFrom('keys', 'wallet.hot'),
    items: fc.uniqueArray(
      fc.record({ key: fc.constantFrom('a', 'B.2'), path: fc.constantFrom('a', 'b/c', '.d') }),
      { minLength: 1, maxLength: 3, selector: ({ path }) => path },
    ),
    defaultMode: fc.constantFrom('0400', '0644'),
  },
  { requiredKeys: ['secretName'] },
);

const volumes = named(
  fc.oneof(
    fc.record(
      { hostPath: fc.constantFrom('/data', '/tmp/x', '/var/log/y'), readOnly: fc.boolean() },
      { requiredKeys: [] },
    ),
    fc.record({ secret }),
  ),
  'v',
).map((list) => list.map((one) => ({ ...one, mountPath: `/mnt/${one.name}` })));

const resources = fc.record(
  {
    memory: fc.constantFrom('6Mi', '512Mi', '7000Ki', '64Gi'),
    cpus: fc.constantFrom('0.01', '1', '1.5', '64.125'),
    pids: fc.integer({ min: 1, max: 32768 }),
  },
  { requiredKeys: [] },
);

const spec = fc.record(
  {
    version: fc.constantFrom('0.0.1', '1.4.2', '1.0.0-rc.1', '2.0.0+build.5'),
    type: fc.constantFrom('validator', 'miner', 'observer', 'inference', 'storage'),
    license: fc.constantFrom('MIT', 'MIT OR Apache-2.0', 'LicenseRef-x', 'NOASSERTION'),
    image: fc.constantFrom('busybox', 'ghcr.io/a/b:1', 'localhost:5000/c'),
    description: text,
    author: text,
    replicas: fc.nat(100),
    command: words,
    args: words,
    env: named(fc.record({ value: text }), 'V'),
    ports: named(fc.record({ containerPort: port }), 'p'),
    volumes,
    resources,
    healthCheck,
    suspend: fc.boolean(),
  },
  { requiredKeys: ['version', 'type', 'license', 'image'] },
);

const metadata = fc.record(
  { name, labels: fc.dictionary(name, name), annotations: fc.dictionary(name, text) },
  { requiredKeys: ['name'] },
);

/** Manifests of Module that are good, with any part left out that may be. */
export const arbitraryManifest = fc.record({
  apiVersion: fc.constant(API_VERSION),
  kind: fc.constant('Module'),
  metadata,
  spec,
});
