import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { JsonObject } from '../../src/lib/merge-patch.js';
import type { ManagedFieldsEntry } from '../../src/managed-fields/entry.js';
import { existingFields } from '../../src/managed-fields/existing.js';
import { changedFields, fieldsOf } from '../../src/managed-fields/fields-of.js';
import { difference, isNothing, union } from '../../src/managed-fields/field-tree.js';
import type { FieldTree } from '../../src/managed-fields/field-tree.js';
import { overlay } from '../../src/managed-fields/overlay.js';
import { readEntries } from '../../src/managed-fields/read-entries.js';
import { aFullObject, filled } from './any-object.js';
import { applied, EMPTY, SCHEMA_OF_ALL, updated } from './managers.js';
import type { State } from './managers.js';

const schema = SCHEMA_OF_ALL;
const manager = fc.constantFrom('a', 'b', 'kubectl');
const anApply = fc.record({ how: fc.constant('apply' as const), manager, object: aFullObject });
const anUpdate = fc.record({ how: fc.constant('update' as const), manager, object: aFullObject });
const aWrite = fc.oneof(anApply, anUpdate);
const history = fc.array(aWrite, { maxLength: 6 });

/** As the store does: what is empty is left out. */
const stored = filled;

const after = (state: State, write: { how: string; manager: string; object: JsonObject }): State =>
  write.how === 'apply'
    ? applied(state, write.manager, write.object, { force: true, stored })
    : updated(state, write.manager, write.object);

const stateAfter = (writes: readonly Parameters<typeof after>[1][]): State =>
  writes.reduce<State>(after, EMPTY);

const fieldsIn = (object: JsonObject | undefined): FieldTree => fieldsOf(object ?? {}, schema);

const ownedBy = ({ entries }: State, isWanted: (manager: string) => boolean): FieldTree =>
  entries
    .filter((entry) => isWanted(`${entry.manager}/${entry.operation}`))
    .map(({ fieldsV1 }) => fieldsV1)
    .reduce(union, {});

const pathsIn = (tree: FieldTree, path = ''): string[] =>
  Object.entries(tree).flatMap(([element, node]) =>
    isNothing(node) ? [`${path}/${element}`] : pathsIn(node, `${path}/${element}`),
  );

/** The paths of a set, but for those of an item and its key: they stay while anything is in it. */
const lostIn = (tree: FieldTree): string[] =>
  pathsIn(tree).filter((path) => !/\/(\.|k:[^/]*\/f:name)$/.test(path));

describe('after any writes', () => {
  test.prop([history])('every field has an owner, and every owner has fields', (writes) => {
    const state = stateAfter(writes);
    const owned = ownedBy(state, () => true);
    expect(lostIn(difference(fieldsIn(state.object), owned))).toEqual([]);
    for (const { fieldsV1 } of state.entries) {
      expect(isNothing(fieldsV1)).toBe(false);
      expect(existingFields(fieldsV1, state.object ?? {}, schema)).toEqual(fieldsV1);
    }
    const written = state.entries.map((entry) => ({ ...entry, time: '2026-01-01T00:00:00Z' }));
    expect(readEntries(JSON.parse(JSON.stringify(written)))).toEqual(written);
  });

  test.prop([history, anApply])('applying again changes nothing', (writes, write) => {
    const once = after(stateAfter(writes), write);
    const twice = applied(once, write.manager, write.object, { now: 'T2', stored });
    expect(twice.conflicts).toEqual([]);
    expect({ object: twice.object, entries: twice.entries }).toEqual({
      object: once.object,
      entries: once.entries,
    });
  });

  test.prop([history, anApply])('what was applied is so', (writes, write) => {
    const { object = {} } = after(stateAfter(writes), write);
    expect(isNothing(changedFields(object, overlay(object, write.object, schema), schema))).toBe(
      true,
    );
    expect(difference(fieldsOf(write.object, schema), fieldsIn(object))).toEqual({});
  });

  test.prop([history, anApply])(
    'what an author gave up and nobody has is gone',
    (writes, write) => {
      const before = stateAfter(writes);
      const own = `${write.manager}/Apply`;
      const now = after(before, write);
      const givenUp = difference(
        ownedBy(before, (one) => one === own),
        fieldsOf(write.object, schema),
      );
      const others = ownedBy(now, (one) => one !== own);
      const left = existingFields(difference(givenUp, others), now.object ?? {}, schema);
      expect(lostIn(left)).toEqual([]);
    },
  );

  test.prop([history, anApply])(
    'what others have stays, with its value unless it was applied',
    (writes, write) => {
      const before = stateAfter(writes);
      const { object = {} } = after(before, write);
      const others = ownedBy(before, (one) => one !== `${write.manager}/Apply`);
      const had = existingFields(others, before.object ?? {}, schema);
      expect(difference(had, fieldsIn(object))).toEqual({});
      const changed = changedFields(before.object ?? {}, object, schema);
      expect(difference(changed, fieldsOf(write.object, schema))).toEqual({});
    },
  );

  test.prop([history, anApply])(
    'without a conflict no value of another changes',
    (writes, { manager: name, object: config }) => {
      const before = stateAfter(writes);
      const { object = {}, conflicts } = applied(before, name, config, { force: true, stored });
      const contested = new Set(conflicts.map(({ entry }) => entry));
      const isOwn = (entry: ManagedFieldsEntry): boolean =>
        entry.manager === name && entry.operation === 'Apply';
      const changed = changedFields(before.object ?? {}, object, schema);
      for (const entry of before.entries.filter((one) => !isOwn(one) && !contested.has(one))) {
        expect(difference(entry.fieldsV1, changed)).toEqual(entry.fieldsV1);
      }
    },
  );

  test.prop([history, aFullObject, manager])(
    'what a write changes is its author’s alone',
    (writes, object, author) => {
      const before = stateAfter(writes);
      const now = updated(before, author, object);
      const changed = changedFields(before.object ?? {}, object, schema);
      const own = ownedBy(now, (one) => one === `${author}/Update`);
      const others = ownedBy(now, (one) => one !== `${author}/Update`);
      expect(difference(changed, own)).toEqual({});
      expect(difference(others, changed)).toEqual(others);
    },
  );
});
