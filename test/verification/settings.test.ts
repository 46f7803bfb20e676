import { expect, test } from 'vitest';
import { findSettingProblems, settingsOf } from '../../src/verification/settings.js';

const ID = 'manifest/image-registry';

test('a check that a policy does not name is as it is by itself, with all parameters', () => {
  const setting = settingsOf('p', { checks: [] }).find(({ check }) => check.id === ID);
  expect(setting).toMatchObject({
    mode: 'enforce',
    parameters: { registries: ['docker.io', 'ghcr.io'] },
  });
});

test('a policy sets mode and parameters', () => {
  const checks = [{ id: ID, mode: 'warn' as const, parameters: { registries: ['r.example'] } }];
  const setting = settingsOf('p', { checks }).find(({ check }) => check.id === ID);
  expect(setting).toMatchObject({ mode: 'warn', parameters: { registries: ['r.example'] } });
});

test.each([
  [{ id: 'manifest/image-registri' }, 'spec.checks[0].id'],
  [{ id: ID, parameters: { registrys: [] } }, 'spec.checks[0].parameters.registrys'],
  [{ id: ID, parameters: { registries: 'all' } }, 'spec.checks[0].parameters.registries'],
])('a policy with %j cannot be used', (setting, path) => {
  expect(findSettingProblems({ checks: [setting] })).toHaveLength(1);
  expect(() => settingsOf('p', { checks: [setting] })).toThrow(path);
});
