import { describe, expect, it } from 'vitest';
import { parseFieldSelector } from '../../../src/api/requests/field-selector.js';

const FIELDS = ['metadata.name', 'status.phase', 'involvedObject.namespace'];
const web = { metadata: { name: 'web' }, status: { phase: 'Running' } };

describe('parseFieldSelector()', () => {
  it.each([
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name==web', true],
    [' metadata.name = web ', true],
    ['metadata.name!=web', false],
    ['metadata.name=web,status.phase=Running', true],
    ['metadata.name=web,status.phase!=Running', false],
    ['involvedObject.namespace=', true],
    ['involvedObject.namespace!=x', true],
    ['metadata.name=a=b', false],
  ])('%s is %s', (selector, expected) => {
    expect(parseFieldSelector(selector, FIELDS)(web)).toBe(expected);
  });

  it.each(['spec.image=x', 'metadata.name.length=3', '__proto__=x', 'metadata=x'])(
    'does not support %s',
    (selector) => {
      expect(() => parseFieldSelector(selector, FIELDS)).toThrow('field label not supported');
    },
  );

  it.each(['metadata.name', '=web'])('refuses %s', (selector) => {
    expect(() => parseFieldSelector(selector, FIELDS)).toThrow('Invalid field selector');
  });
});
