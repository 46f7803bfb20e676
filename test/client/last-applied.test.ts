import { expect, test } from 'vitest';
import {
  LAST_APPLIED,
  lastApplied,
  toApply,
  withLastApplied,
} from '../../src/client/last-applied.js';

const MANIFEST = {
  kind: 'Module',
  apiVersion: 'registrar.synapsis.network/v1',
  metadata: { name: 'web' },
  spec: { version: '1.0.0', description: 'a < b & c > d' },
};

test('the record is byte for byte what kubectl writes', () => {
  const { metadata } = withLastApplied(toApply(MANIFEST)) as {
    metadata: { annotations: Record<string, string> };
  };
  expect(metadata.annotations[LAST_APPLIED]).toBe(
    '{"apiVersion":"registrar.synapsis.network/v1","kind":"Module","metadata":{"annotations":{},"name":"web"},' +
      '"spec":{"description":"a \\u003c b \\u0026 c \\u003e d","version":"1.0.0"}}\n',
  );
});

test('what was recorded is read again', () => {
  const manifest = toApply(MANIFEST);
  expect(lastApplied(withLastApplied(manifest))).toEqual(manifest);
});

test('toApply() leaves out an earlier record, the status and nulls', () => {
  const copied = {
    ...withLastApplied(toApply(MANIFEST)),
    status: { phase: 'Running' },
    spec: { version: '1.0.0', image: null },
  };
  expect(toApply(copied)).toEqual({
    ...MANIFEST,
    metadata: { name: 'web', annotations: {} },
    spec: { version: '1.0.0' },
  });
});

test.for([
  ['no annotations', { metadata: {} }],
  ['no metadata', {}],
  ['a record that is no JSON', { metadata: { annotations: { [LAST_APPLIED]: '{' } } }],
  ['a record that is no object', { metadata: { annotations: { [LAST_APPLIED]: '[1]' } } }],
  ['a record that is no text', { metadata: { annotations: { [LAST_APPLIED]: 1 } } }],
] as const)('lastApplied() is empty for %s', ([, live]) => {
  expect(lastApplied(live)).toEqual({});
});
