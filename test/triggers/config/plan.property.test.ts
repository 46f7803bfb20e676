import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION } from '../../../src/model/names.js';
import type { DeclaredObject } from '../../../src/kinds/declared.js';
import { keyText } from '../../../src/model/kinds.js';
import type { ConfigAction } from '../../../src/triggers/config/action.js';
import { keyOf, ownerFileOf, recordedDraft } from '../../../src/triggers/config/draft.js';
import { planConfig, VANISH_MS } from '../../../src/triggers/config/plan.js';
import type { ConfigInput, ConfigPlan } from '../../../src/triggers/config/plan.js';
import { coverOf } from '../../../src/triggers/config/snapshot.js';
import type {
  ConfigFile,
  ConfigSnapshot,
  FileContent,
} from '../../../src/triggers/config/snapshot.js';
import {
  aDeclaration,
  aPolicyDeclaration,
  aStored,
  aStoredPolicy,
} from '../../helpers/config-files.js';

const PATHS = ['a.yaml', 'b.yaml', 'sub/c.yaml', 'sub', 'd.yaml'];
const NAMES = Array.from({ length: 9 }, (_, index) => `mod-${index}`);

const RUNS = { numRuns: 500 };

const aName = fc.constantFrom(...NAMES);
/** Few policies beside the modules. */
const aKind = fc.constantFrom('Module', 'Module', 'Policy');
const aPath = fc.constantFrom(...PATHS);

const aContent = (path: string): fc.Arbitrary<FileContent> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .uniqueArray(fc.tuple(aName, aKind, fc.constantFrom(1, 2)), {
          maxLength: 4,
          selector: ([name, kind]) => `${kind}/${name}`,
        })
        .map((rows) => ({
          kind: 'declares' as const,
          declarations: rows.map(([name, kind, version]) =>
            kind === 'Module'
              ? aDeclaration(path, name, `${version}.0.0`)
              : aPolicyDeclaration(path, name, version),
          ),
        })),
    },
    {
      weight: 1,
      arbitrary: fc.constant({
        kind: 'invalid' as const,
        errors: [`${path}: Is bad`],
        policies: 0,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'unknown' as const }) },
  );

const aConfigFile = (path: string): fc.Arbitrary<ConfigFile> =>
  fc
    .record({
      content: aContent(path),
      settled: fc.constant(path !== 'd.yaml'),
      restless: fc.constant(false),
    })
    .map((file) => (file.content.kind === 'unknown' ? { ...file, settled: false } : file));

const someFiles = fc
  .subarray(PATHS)
  .chain((paths) =>
    fc
      .tuple(...paths.map((path) => aConfigFile(path)))
      .map((files) => new Map(paths.map((path, index) => [path, files[index] as ConfigFile]))),
  );

const aDirectory = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'present' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'missing' as const, message: 'Gone' }) },
);

const someObjects = fc
  .uniqueArray(
    fc.record({
      name: aName,
      kind: aKind,
      file: fc.option(aPath, { nil: undefined, freq: 5 }),
      isMarked: fc.integer({ min: 0, max: 15 }).map((roll) => roll === 0),
      isDeleted: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    }),
    { minLength: 3, maxLength: 12, selector: ({ kind, name }) => `${kind}/${name}` },
  )
  .map((all) =>
    all.map(({ name, kind, file, isMarked, isDeleted }): DeclaredObject =>
      (kind === 'Module' ? aStored : aStoredPolicy)(name, file, {
        ...(isDeleted ? { deletionTimestamp: '2026-01-01T12:00:00Z' } : {}),
        ...(isMarked && file ? { annotations: { [PRUNE_HELD_ANNOTATION]: 'DirectoryEmpty' } } : {}),
      }),
    ),
  );

const aSituation = fc.record({
  snapshot: fc.record({ directory: aDirectory, files: someFiles }),
  objects: someObjects,
});

const NOBODY: ReadonlySet<string> = new Set();

function planAfterGrace(snapshot: ConfigSnapshot, objects: readonly DeclaredObject[]): ConfigPlan {
  const input: ConfigInput = {
    snapshot,
    objects,
    confirmed: NOBODY,
    vanished: undefined,
    nowMs: 0,
  };
  return planConfig({ ...input, vanished: planConfig(input).vanished, nowMs: VANISH_MS });
}

const deletions = (plan: ConfigPlan): string[] =>
  plan.actions.filter(({ kind }) => kind === 'delete').map(({ object }) => keyText(object));

const NOW = '2026-01-01T12:00:00Z';

/** What the registry holds after the plan was carried out. */
function carryOut(
  objects: readonly DeclaredObject[],
  actions: readonly ConfigAction[],
): DeclaredObject[] {
  const stored = new Map(objects.map((object) => [keyText(keyOf(object)), object]));
  for (const action of actions) {
    const key = keyText(action.object);
    const current = stored.get(key);
    if (action.kind === 'delete') stored.delete(key);
    if (action.kind === 'hold' && action.mark && current) {
      const annotations = {
        ...current.metadata.annotations,
        [PRUNE_HELD_ANNOTATION]: action.reason,
      };
      stored.set(key, { ...current, metadata: { ...current.metadata, annotations } });
    }
    if (action.kind !== 'create' && action.kind !== 'update') continue;
    const draft = recordedDraft(action.declaration, current, NOW);
    const { metadata, status } = aStored(action.object.name, undefined);
    const { uid, resourceVersion, generation, creationTimestamp } = current?.metadata ?? metadata;
    const server = { uid, resourceVersion, generation, creationTimestamp };
    const written = { ...draft.metadata, ...server };
    stored.set(
      key,
      (draft.kind === 'Policy'
        ? { ...draft, metadata: written }
        : { ...draft, status, metadata: written }) as DeclaredObject,
    );
  }
  return [...stored.values()];
}

describe('planConfig, whatever the files and the registry hold', () => {
  test.prop([aSituation], RUNS)(
    'deletes no more than the brake allows',
    ({ snapshot, objects }) => {
      const owned = objects.filter(
        (object) => ownerFileOf(object) && object.metadata.deletionTimestamp === undefined,
      );
      const deleted = deletions(planAfterGrace(snapshot, objects));
      expect(deleted.length <= 3 || deleted.length <= owned.length / 2).toBe(true);
      if (snapshot.directory.kind !== 'present') expect(deleted).toEqual([]);
      const declares = [...snapshot.files.values()].some(
        ({ content }) => content.kind === 'declares' && content.declarations.length > 0,
      );
      if (!declares && owned.length > 0) expect(deleted.length).toBeLessThan(owned.length);
      const marked = owned.filter(
        ({ kind, metadata }) =>
          metadata.annotations?.[PRUNE_HELD_ANNOTATION] &&
          deleted.includes(keyText({ kind, name: metadata.name })),
      );
      expect(marked).toEqual([]);
    },
  );

  test.prop([aSituation], RUNS)(
    'deletes no module whose file is broken, changing or hidden by an unreadable folder',
    ({ snapshot, objects }) => {
      const deleted = new Set(deletions(planAfterGrace(snapshot, objects)));
      for (const object of objects.filter((one) => deleted.has(keyText(keyOf(one))))) {
        const cover = coverOf(snapshot.files, ownerFileOf(object) ?? '');
        expect(cover === undefined || cover.file.content.kind === 'declares').toBe(true);
        expect(cover?.file.settled ?? true).toBe(true);
      }
    },
  );

  test.prop([aSituation], RUNS)(
    'deletes nothing that was not gone before',
    ({ snapshot, objects }) => {
      const input = { snapshot, objects, confirmed: NOBODY, vanished: undefined, nowMs: VANISH_MS };
      expect(deletions(planConfig(input))).toEqual([]);
    },
  );

  test.prop([aSituation], RUNS)('never touches what was created through the API', (situation) => {
    const ours = new Map(situation.objects.map((object) => [keyText(keyOf(object)), object]));
    const plan = planAfterGrace(situation.snapshot, situation.objects);
    for (const { kind, object } of plan.actions) {
      const stored = ours.get(keyText(object));
      if (stored === undefined || ownerFileOf(stored) !== undefined) continue;
      expect(['conflict', 'wait']).toContain(kind);
    }
  });

  test.prop([aSituation], RUNS)('asks for no write once it was carried out', (situation) => {
    const { snapshot, objects } = situation;
    const after = carryOut(objects, planAfterGrace(snapshot, objects).actions);
    const again = planAfterGrace(snapshot, after).actions;
    const writes = again.filter(
      (action) =>
        ['create', 'update', 'delete'].includes(action.kind) ||
        (action.kind === 'hold' && action.mark),
    );
    expect(writes).toEqual([]);
    for (const object of after) {
      const file = object.metadata.annotations?.[CONFIG_FILE_ANNOTATION];
      expect(file === undefined || PATHS.includes(file)).toBe(true);
    }
  });

  test.prop([aSituation], RUNS)(
    'does not depend on the order of its input',
    ({ snapshot, objects }) => {
      const turned = { ...snapshot, files: new Map([...snapshot.files].toReversed()) };
      const plan = planAfterGrace(snapshot, objects);
      expect(planAfterGrace(turned, objects.toReversed()).actions).toEqual(plan.actions);
    },
  );
});
