import { expect, test } from 'vitest';
import { whyUnmet } from '../../src/model/dependencies.js';
import type { Module } from '../../src/model/module.js';
import { baseOf } from '../../src/model/updates-memory.js';
import { aSpec } from '../helpers/builders.js';

test('a module that follows its source has the version that it took up', () => {
  const spec = aSpec({ version: '1.4.2' });
  const taken = (base: string) =>
    ({
      ...{ spec, metadata: { name: 'node', generation: 1 } },
      status: { conditions: [], updates: { base, current: { version: '2.1.0' } } },
    }) as unknown as Module;
  const needs = { name: 'node', version: '^2.1' };
  expect(whyUnmet(needs, taken(baseOf({ spec })))).toBe('it is not ready');
  expect(whyUnmet(needs, taken('of an earlier spec'))).toBe('its version 1.4.2 is not in "^2.1"');
});
