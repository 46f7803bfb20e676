import { describe, expect, it } from 'vitest';
import { swapOf } from '../../src/plan/coexistence.js';
import type { Volume } from '../../src/model/volumes.js';
import { aSpec } from '../helpers/builders.js';
import { aTemplate } from '../helpers/requests.js';

const at = (more: Partial<Volume>): Volume => ({
  ...{ name: 'a', mountPath: '/a', readOnly: false, ...more },
});
const secret = { secretName: 'keys', defaultMode: '0400' };

describe('two containers of a slot', () => {
  it.each([
    ['a named volume', at({}), 'stop-first'],
    ['a named volume that they only read', at({ readOnly: true }), 'start-first'],
    ['a folder of the host', at({ hostPath: '/data/a' }), 'stop-first'],
    ['files of a Secret, of which each has its own', at({ secret }), 'start-first'],
  ])('with %s', (_what, volume, order) => {
    const template = aTemplate({ volumes: [volume] });
    const { strategy } = aSpec();
    const facts = { strategy, replicas: 1, before: template, after: template, isPaused: false };
    const swap = swapOf({ ...facts, strategy: { ...strategy, type: 'RollingUpdate' } });
    expect(swap.order).toBe(order);
  });
});
