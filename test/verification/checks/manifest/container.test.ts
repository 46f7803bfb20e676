import { describe, expect, test } from 'vitest';
import { foundIn } from '../../../helpers/check-results.js';

const probe = (times: object) => ({ healthCheck: { tcp: { port: 80 }, ...times } });

test('manifest/health-check', async () => {
  expect(await foundIn('manifest/health-check', probe({}))).toBe('passed');
  expect(await foundIn('manifest/health-check', {})).toBe(
    'failed: spec.healthCheck: There is no health check',
  );
});

test.each([
  [probe({ intervalSeconds: 300, timeoutSeconds: 60, retries: 10 }), {}, 'passed'],
  [probe({ intervalSeconds: 1, timeoutSeconds: 1, retries: 1 }), {}, 'passed'],
  [
    probe({ intervalSeconds: 4 }),
    { minIntervalSeconds: 5 },
    'failed: spec.healthCheck.intervalSeconds: 4 is not within 5 to 300',
  ],
  [probe({ intervalSeconds: 5 }), { minIntervalSeconds: 5 }, 'passed'],
  [probe({ timeoutSeconds: 11 }), { maxTimeoutSeconds: 10 }, 'failed'],
  [probe({ retries: 4 }), { maxRetries: 3 }, 'failed: spec.healthCheck.retries'],
  [{}, { maxRetries: 3 }, 'notApplicable'],
])('manifest/probe-bounds of %j with %j: %s', async (spec, parameters, expected) => {
  expect(await foundIn('manifest/probe-bounds', spec, parameters)).toContain(expected);
});

const resources = { memory: '2Gi', cpus: '2.5', pids: 300 };
test.each([
  [{}, 'passed'],
  [{ maxMemory: '2048Mi', maxCpus: 2.5, maxPids: 300 }, 'passed'],
  [{ maxMemory: '2047Mi' }, 'failed: spec.resources.memory: 2Gi is more than 2047Mi'],
  [{ maxCpus: 2.4 }, 'failed: spec.resources.cpus: 2.5 is more than 2.4'],
  [{ maxPids: 299 }, 'failed: spec.resources.pids: 300 is more than 299'],
])('manifest/limits with %j: %s', async (parameters, expected) => {
  expect(await foundIn('manifest/limits', { resources }, parameters)).toBe(expected);
});

test('limits that a module does not set are those by default', async () => {
  expect(await foundIn('manifest/limits', {}, { maxMemory: '511Mi' })).toMatch(/^failed/);
});

describe('manifest/required-env', () => {
  const env = [{ name: 'NETUID', value: '' }];
  test.each([
    [['NETUID'], 'passed'],
    [['netuid', 'NETUID'], 'failed: spec.env: "netuid" is not set'],
    [[], 'notApplicable'],
  ])('%j: %s', async (names, expected) => {
    expect(await foundIn('manifest/required-env', { env }, { names })).toContain(expected);
  });
});

const may = (securityContext: object) => ({ securityContext });

test.each([
  ['run-as-root', may({ runAsUser: 0 }), {}, 'failed: spec.securityContext.runAsUser'],
  ['run-as-root', may({ runAsUser: 1 }), {}, 'passed'],
  ['run-as-root', {}, {}, 'passed'],
  ['read-only-root', may({ readOnlyRootFilesystem: false }), {}, 'failed'],
  ['read-only-root', {}, {}, 'passed'],
  ['capabilities', {}, {}, 'passed'],
  [
    'capabilities',
    may({ addCapabilities: ['NET_ADMIN', 'IPC_LOCK'] }),
    { allowed: ['NET_ADMIN'] },
    'failed: spec.securityContext.addCapabilities[1]: "IPC_LOCK" is not allowed',
  ],
  ['capabilities', may({ addCapabilities: ['NET_ADMIN'] }), { allowed: ['NET_ADMIN'] }, 'passed'],
  ['capabilities', may({ addCapabilities: ['NET_ADMIN'] }), { allowed: ['net_admin'] }, 'failed'],
])('manifest/%s of %j with %j: %s', async (id, spec, parameters, expected) => {
  expect(await foundIn(`manifest/${id}`, spec, parameters)).toContain(expected);
});
