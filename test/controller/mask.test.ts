import { expect, it } from 'vitest';
import { masked, secretTexts } from '../../src/controller/rollout/mask.js';
import { aSpec } from '../helpers/builders.js';
import type { Registry } from '../../src/registry/registry.js';
import type { Module } from '../../src/model/module.js';

const valueFrom = { secretKeyRef: { name: 'keys', key: 'api' } };
const secret = {
  ...{ secretName: 'keys', defaultMode: '0400' },
  items: [{ key: 'api', path: 'api.txt' }],
};

it.each([
  ['a variable', aSpec({ env: [{ name: 'API', valueFrom }] })],
  ['a file', aSpec({ volumes: [{ name: 'keys', mountPath: '/keys', readOnly: false, secret }] })],
])('masks each line of a value of several lines in %s', (_what, spec) => {
  const registry = {
    get: () => undefined,
    secrets: { reveal: () => new Map([['api', Buffer.from('first part\nsecond part\n')]]) },
  } as unknown as Registry;
  const secrets = secretTexts({ metadata: { name: 'web' }, spec } as Module, 'a', registry);
  expect(masked('it says: second part', secrets)).toContain('masked');
  expect(masked('it says: third part', secrets)).toBe('it says: third part');
});
