import { expect, test } from 'vitest';
import { EVENT_KIND } from '../../src/kinds/event/definition.js';

const writer = EVENT_KIND.writer;

const anEvent = (more: object = {}) => ({
  ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'a.1', namespace: 'default' } },
  ...{ involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'a-0' } },
  ...{ type: 'Normal', reason: 'Seen', message: 'Somebody saw it' },
  ...more,
});

test('a writer made from a schema fills in defaults', () => {
  const { draft, warnings } = writer?.draft(anEvent(), undefined, 'strict') ?? {};
  expect(draft).toMatchObject({ count: 1, source: { component: '' } });
  expect(warnings).toEqual([]);
});

test('it refuses, tells or drops a field that it does not know', () => {
  const input = anEvent({ cuont: 2 });
  expect(() => writer?.draft(input, undefined, 'strict')).toThrow(
    'Event in version "v1" cannot be handled as a Event: strict decoding error: unknown field "cuont"',
  );
  expect(writer?.draft(input, undefined, 'warn').warnings).toEqual([
    'unknown field "cuont" (did you mean "count"?)',
  ]);
  expect(writer?.draft(input, undefined, 'ignore')).toMatchObject({ warnings: [] });
});

test('it names the object of a wrong value, and the field', () => {
  expect(() => writer?.draft(anEvent({ type: 'Loud' }), undefined, 'strict')).toThrow(
    'Event "a.1" is invalid: type: Unsupported value',
  );
});
