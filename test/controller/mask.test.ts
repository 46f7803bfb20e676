import { expect, it } from 'vitest';
import { masked, secretTexts } from '../../src/controller/rollout/mask.js';
import { writtenForms } from '../../src/lib/conceal.js';
import { base64 } from '../helpers/canaries.js';
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

it('masks a short value in base64, in the middle of another text', () => {
  const forms = writtenForms([Buffer.from('hunter22')]);
  for (const login of ['hunter22', 'a:hunter22', 'ab:hunter22', 'abc:hunter22:x']) {
    expect(masked(`sent Basic ${base64(login)}`, forms)).toContain('masked');
  }
});
