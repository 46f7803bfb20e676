import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/lib/merge-patch.js';
import { applied, EMPTY, fieldsByAuthor, updated } from './managers.js';

const spec = (fields: JsonObject): JsonObject => ({ spec: fields });

describe('server-side apply', () => {
  it('creates, and the author has what it says', () => {
    const state = applied(EMPTY, 'a', spec({ image: 'x', env: [{ name: 'A', value: '1' }] }));
    expect(state.object).toEqual(spec({ image: 'x', env: [{ name: 'A', value: '1' }] }));
    expect(state.entries).toEqual([
      {
        ...{ manager: 'a', operation: 'Apply', apiVersion: 'example.org/v1', time: 'T1' },
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:spec': {
            'f:image': {},
            'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
          },
        },
      },
    ]);
  });

  it('keeps the time when the author has the same fields', () => {
    const once = applied(EMPTY, 'a', spec({ image: 'x' }));
    const twice = applied(once, 'a', spec({ image: 'x' }), { now: 'T2' });
    expect(twice).toEqual(once);
    const changed = applied(twice, 'a', spec({ image: 'y' }), { now: 'T2' });
    expect(changed.entries).toEqual(once.entries);
    const more = applied(changed, 'a', spec({ image: 'y', replicas: 1 }), { now: 'T3' });
    expect(more.entries[0]?.time).toBe('T3');
  });

  it('removes what the author does not say any more', () => {
    const once = applied(EMPTY, 'a', spec({ image: 'x', replicas: 2, probe: { port: 1 } }));
    expect(applied(once, 'a', spec({ image: 'x' })).object).toEqual(spec({ image: 'x' }));
  });

  it('leaves what another manager has too', () => {
    const first = applied(EMPTY, 'a', spec({ image: 'x', replicas: 2 }));
    const second = applied(first, 'b', spec({ replicas: 2 }));
    const third = applied(second, 'a', spec({ image: 'x' }));
    expect(third.object).toEqual(spec({ image: 'x', replicas: 2 }));
    expect(applied(third, 'b', {}).object).toEqual(spec({ image: 'x' }));
  });

  it('leaves what nobody said, such as defaults, but for those in what is gone', () => {
    const once = applied(EMPTY, 'a', spec({ image: 'x', probe: { port: 1 } }));
    const withDefaults = spec({ image: 'x', replicas: 1, probe: { port: 1, path: '/' } });
    const state = { ...once, object: withDefaults };
    expect(applied(state, 'a', spec({ image: 'x', probe: { port: 1 } })).object).toEqual(
      withDefaults,
    );
    expect(applied(state, 'a', spec({ image: 'x' })).object).toEqual(
      spec({ image: 'x', replicas: 1 }),
    );
  });

  it('tells the items of a keyed list apart', () => {
    const both = {
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    };
    const first = applied(EMPTY, 'a', spec(both));
    const second = applied(first, 'b', spec({ env: [{ name: 'C', value: '3' }] }));
    expect(second.object).toEqual(spec({ env: [...both.env, { name: 'C', value: '3' }] }));
    const third = applied(second, 'a', spec({ env: [{ name: 'B', value: '2' }] }));
    expect(third.object).toEqual(
      spec({
        env: [
          { name: 'B', value: '2' },
          { name: 'C', value: '3' },
        ],
      }),
    );
  });

  it('puts the items of a keyed list in the order of the configuration', () => {
    const state = {
      ...EMPTY,
      object: spec({ env: ['x', 'A', 'y', 'B', 'z'].map((name) => ({ name })) }),
    };
    const { object } = applied(
      state,
      'a',
      spec({ env: ['B', 'A', 'N'].map((name) => ({ name })) }),
    );
    expect(object).toEqual(spec({ env: ['x', 'B', 'A', 'y', 'z', 'N'].map((name) => ({ name })) }));
  });

  it('changes one field of an item and leaves the others', () => {
    const first = applied(EMPTY, 'a', spec({ env: [{ name: 'A', value: '1' }] }));
    const second = applied(first, 'b', spec({ env: [{ name: 'A', from: 'x' }] }));
    expect(second.object).toEqual(spec({ env: [{ name: 'A', value: '1', from: 'x' }] }));
    const third = applied(second, 'a', {});
    expect(third.object).toEqual(spec({ env: [{ name: 'A', from: 'x' }] }));
    expect(applied(third, 'b', {}).object).toEqual({ spec: {} });
  });

  it('joins sets', () => {
    const first = applied(EMPTY, 'a', { metadata: { finalizers: ['x', 'y'] } });
    const second = applied(first, 'b', { metadata: { finalizers: ['z'] } });
    expect(second.object).toEqual({ metadata: { finalizers: ['x', 'y', 'z'] } });
    const third = applied(second, 'a', { metadata: { finalizers: ['y'] } });
    expect(third.object).toEqual({ metadata: { finalizers: ['y', 'z'] } });
  });

  it('takes a field that is null for one that is not said', () => {
    const first = applied(EMPTY, 'a', spec({ image: 'x', replicas: 1 }));
    expect(applied(first, 'a', spec({ image: 'x', replicas: null })).object).toEqual(
      spec({ image: 'x' }),
    );
  });

  it('has no entry for an author that says nothing', () => {
    const first = applied(EMPTY, 'a', spec({ image: 'x' }));
    expect(applied(first, 'a', {}).entries).toEqual([]);
  });

  it('does not own what an object is and what the server sets', () => {
    const config = {
      ...{ apiVersion: 'example.org/v1', kind: 'Example' },
      metadata: { name: 'x', uid: 'u', resourceVersion: '7', labels: { a: 'b' } },
    };
    expect(fieldsByAuthor(applied(EMPTY, 'a', config))).toEqual({
      'a/Apply': { 'f:metadata': { 'f:labels': { 'f:a': {} } } },
    });
  });
});

const two = spec({ image: 'x', replicas: 2, env: [{ name: 'A', value: '1' }] });

describe('a conflict', () => {
  it('is a field that another manager has with another value', () => {
    const state = applied(EMPTY, 'a', two);
    expect(() => applied(state, 'b', spec({ replicas: 3 }))).toThrow(
      'Apply failed with 1 conflict: conflict with "a": .spec.replicas',
    );
  });

  it('names how a value was set that was not applied, and where', () => {
    const state = updated(EMPTY, 'kubectl-patch', two);
    expect(() => applied(state, 'b', spec({ image: 'y' }))).toThrow(
      'Apply failed with 1 conflict: conflict with "kubectl-patch" using example.org/v1: .spec.image',
    );
    const scaled = updated(state, 'kubectl', spec({ replicas: 5 }), { subresource: 'scale' });
    expect(() => applied(scaled, 'b', spec({ replicas: 3 }))).toThrow(
      'conflict with "kubectl" with subresource "scale" using example.org/v1: .spec.replicas',
    );
  });

  it('is told of with all others, by manager, and as causes', () => {
    const state = applied(applied(EMPTY, 'a', two), 'c', spec({ image: 'x' }));
    const config = spec({ image: 'y', env: [{ name: 'A', value: '2' }] });
    const run = () => applied(state, 'b', config);
    expect(run).toThrow(
      [
        'Apply failed with 3 conflicts: conflicts with "a":',
        '- .spec.image',
        '- .spec.env[name="A"].value',
        'conflicts with "c":',
        '- .spec.image',
      ].join('\n'),
    );
    expect(run).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.spec.image' },
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "a"',
              field: '.spec.env[name="A"].value',
            },
            { reason: 'FieldManagerConflict', message: 'conflict with "c"', field: '.spec.image' },
          ],
        },
      }),
    );
  });

  it('is none for the same value, or for an item that is there already', () => {
    const state = applied(EMPTY, 'a', two);
    const same = applied(state, 'b', spec({ replicas: 2, env: [{ name: 'A' }] }));
    expect(same.object).toEqual(two);
    expect(fieldsByAuthor(same)['b/Apply']).toEqual({
      'f:spec': { 'f:replicas': {}, 'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {} } } },
    });
  });

  it('is one for a list that is a whole, and none for something empty', () => {
    const state = applied(EMPTY, 'a', spec({ args: ['x'], probe: {} }));
    expect(() => applied(state, 'b', spec({ args: ['x', 'y'] }))).toThrow('.spec.args');
    expect(applied(state, 'b', spec({ probe: { port: 1 } })).object).toEqual(
      spec({ args: ['x'], probe: { port: 1 } }),
    );
  });

  it('is one where a list stops being one of single items', () => {
    const state = applied(EMPTY, 'a', two);
    expect(() => applied(state, 'b', spec({ env: [{ name: 'A' }, { name: 'A' }] }))).toThrow(
      '.spec.env',
    );
  });

  it('is settled by force: the other manager has the field no longer', () => {
    const state = applied(EMPTY, 'a', two);
    const forced = applied(state, 'b', spec({ replicas: 3 }), { force: true });
    expect(forced.object).toMatchObject(spec({ image: 'x', replicas: 3 }));
    expect(fieldsByAuthor(forced)['a/Apply']).not.toHaveProperty(['f:spec', 'f:replicas']);
    expect(() => applied(forced, 'a', two)).toThrow('conflict with "b": .spec.replicas');
  });
});

describe('an object from before owners were recorded', () => {
  it('belongs to before-first-apply, but for its status', () => {
    const state = {
      object: { ...spec({ image: 'x', replicas: 1 }), status: { phase: 'Up' } },
      entries: [],
    };
    expect(() => applied(state, 'a', spec({ replicas: 2 }))).toThrow(
      'conflict with "before-first-apply" using example.org/v1: .spec.replicas',
    );
    expect(fieldsByAuthor(applied(state, 'a', spec({ image: 'x' })))).toEqual({
      'a/Apply': { 'f:spec': { 'f:image': {} } },
      'before-first-apply/Update': { 'f:spec': { 'f:image': {}, 'f:replicas': {} } },
    });
  });
});

describe('the move of kubectl from client-side to server-side apply', () => {
  const clientSide = updated(EMPTY, 'kubectl-client-side-apply', two);

  it('meets no conflict with itself', () => {
    const state = applied(clientSide, 'kubectl', spec({ image: 'y', replicas: 2 }));
    expect(state.object).toMatchObject(spec({ image: 'y', replicas: 2 }));
    expect(fieldsByAuthor(state)['kubectl-client-side-apply/Update']).not.toHaveProperty([
      'f:spec',
      'f:image',
    ]);
  });

  it('is only for kubectl, and not for what another has', () => {
    expect(() => applied(clientSide, 'other', spec({ image: 'y' }))).toThrow('1 conflict');
    const patched = updated(clientSide, 'kubectl-patch', {
      spec: { ...(two['spec'] as object), image: 'z' },
    });
    expect(() => applied(patched, 'kubectl', spec({ image: 'y' }))).toThrow('"kubectl-patch"');
  });
});

describe('the move of registrar from client-side to server-side apply', () => {
  it('is one step: what it does not say any more goes at once', () => {
    const before = updated(EMPTY, 'registrar-client-side-apply', two);
    const state = applied(before, 'registrar', spec({ image: 'y' }));
    expect(state.object).toEqual(spec({ image: 'y' }));
    expect(fieldsByAuthor(state)).toEqual({ 'registrar/Apply': { 'f:spec': { 'f:image': {} } } });
    expect(() => applied(before, 'other', spec({ image: 'y' }))).toThrow('1 conflict');
  });
});
