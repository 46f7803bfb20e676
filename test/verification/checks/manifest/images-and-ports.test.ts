import { describe, expect, test } from 'vitest';
import { foundIn } from '../../../helpers/check-results.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('manifest/image-registry', () => {
  const check = 'manifest/image-registry';
  test.each([
    ['sample/a:1', 'passed'],
    ['ghcr.io/a/b:1', 'passed'],
    ['ghcr.io:443/a/b:1', 'failed: spec.image: Images of "ghcr.io:443"'],
    ['ghcr.io.evil.example/a/b', 'failed: spec.image: Images of "ghcr.io.evil.example"'],
    ['localhost/ghcr.io/a', 'failed: spec.image: Images of "localhost"'],
    ['', 'notApplicable'],
  ])('%j: %s', async (image, expected) => {
    expect(await foundIn(check, { image })).toContain(expected);
  });

  test('a policy that allows no registry allows none', async () => {
    expect(await foundIn(check, {}, { registries: [] })).toMatch(/^failed/);
    expect(await foundIn(check, {}, { registries: ['docker.io'] })).toBe('passed');
  });
});

test.each([
  [`sample/a@${DIGEST}`, 'passed'],
  [`sample/a:1@${DIGEST}`, 'passed'],
  ['sample/a:sha256', 'failed: spec.image: The image is named by a tag'],
  ['sample/a', 'failed'],
  ['', 'notApplicable'],
])('manifest/image-digest of %j: %s', async (image, expected) => {
  expect(await foundIn('manifest/image-digest', { image })).toContain(expected);
});

const port = (more: object) => ({ ports: [{ name: 'axon', containerPort: 80, ...more }] });

test.each([
  [port({ hostPort: 1024 }), {}, 'passed'],
  [port({ hostPort: 65535 }), {}, 'passed'],
  [port({ hostPort: 8091 }), { min: 8091, max: 8091 }, 'passed'],
  [
    port({ hostPort: 8090 }),
    { min: 8091 },
    'failed: spec.ports[0].hostPort: Port 8090 of the host',
  ],
  [port({ hostPort: 8092 }), { max: 8091 }, 'failed'],
  [port({}), { min: 8091 }, 'notApplicable'],
])('manifest/host-ports of %j with %j: %s', async (spec, parameters, expected) => {
  expect(await foundIn('manifest/host-ports', spec, parameters)).toContain(expected);
});

test.each([
  ['127.0.0.1', 'passed'],
  ['127.9.9.9', 'passed'],
  ['::1', 'passed'],
  ['::ffff:127.0.0.1', 'passed'],
  ['0.0.0.0', 'failed: spec.ports[0].hostIp: Port 8091 can be reached from other hosts at 0.0.0.0'],
  ['::', 'failed'],
  ['192.168.1.4', 'failed'],
  ['128.0.0.1', 'failed'],
])('manifest/published-ports at %s: %s', async (hostIp, expected) => {
  const found = await foundIn('manifest/published-ports', port({ hostPort: 8091, hostIp }));
  expect(found).toContain(expected);
});
