import { describe, expect, it } from 'vitest';
import { parseFieldSelector } from '../../../src/api/requests/field-selector.js';

const FIELDS = {
  selectableFields: ['metadata.name', 'status.phase', 'involvedObject.namespace', 'source'],
  fieldPaths: { source: 'source.component' },
};
const web = {
  ...{ metadata: { name: 'web' }, status: { phase: 'Running' }, source: { component: 'us' } },
};

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
    ['source=us', true],
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
