import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION } from '../../../src/model/names.js';
import type { Module } from '../../../src/model/module.js';
import type { ConfigAction } from '../../../src/triggers/config/action.js';
import { ownerFileOf, recordedDraft } from '../../../src/triggers/config/draft.js';
import { planConfig, VANISH_MS } from '../../../src/triggers/config/plan.js';
import type { ConfigInput, ConfigPlan } from '../../../src/triggers/config/plan.js';
import { coverOf } from '../../../src/triggers/config/snapshot.js';
import type {
  ConfigFile,
  ConfigSnapshot,
  FileContent,
} from '../../../src/triggers/config/snapshot.js';
import { aDeclaration, aStored } from '../../helpers/config-files.js';

const PATHS = ['a.yaml', 'b.yaml', 'sub/c.yaml', 'sub', 'd.yaml'];
const NAMES = Array.from({ length: 9 }, (_, index) => `mod-${index}`);

const RUNS = { numRuns: 500 };

const aName = fc.constantFrom(...NAMES);
const aPath = fc.constantFrom(...PATHS);

const aContent = (path: string): fc.Arbitrary<FileContent> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .uniqueArray(fc.tuple(aName, fc.constantFrom('1.0.0', '2.0.0')), {
          maxLength: 3,
          selector: ([name]) => name,
        })
        .map((pairs) => ({
          kind: 'declares' as const,
          declarations: pairs.map(([name, version]) => aDeclaration(path, name, version)),
        })),
    },
    {
      weight: 1,
      arbitrary: fc.constant({ kind: 'invalid' as const, errors: [`${path}: Is bad`] }),
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

const someModules = fc
  .uniqueArray(
    fc.record({
      name: aName,
      file: fc.option(aPath, { nil: undefined, freq: 5 }),
      isMarked: fc.integer({ min: 0, max: 15 }).map((roll) => roll === 0),
      isDeleted: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
    }),
    { minLength: 3, maxLength: 9, selector: ({ name }) => name },
  )
  .map((all) =>
    all.map(({ name, file, isMarked, isDeleted }) =>
      aStored(name, file, {
        ...(isDeleted ? { deletionTimestamp: '2026-01-01T12:00:00Z' } : {}),
        ...(isMarked && file ? { annotations: { [PRUNE_HELD_ANNOTATION]: 'DirectoryEmpty' } } : {}),
      }),
    ),
  );

const aSituation = fc.record({
  snapshot: fc.record({ directory: aDirectory, files: someFiles }),
  modules: someModules,
});

const NOBODY: ReadonlySet<string> = new Set();

function planAfterGrace(snapshot: ConfigSnapshot, modules: readonly Module[]): ConfigPlan {
  const input: ConfigInput = {
    snapshot,
    modules,
    confirmed: NOBODY,
    vanished: undefined,
    nowMs: 0,
  };
  return planConfig({ ...input, vanished: planConfig(input).vanished, nowMs: VANISH_MS });
}

const deletions = (plan: ConfigPlan): string[] =>
  plan.actions.filter(({ kind }) => kind === 'delete').map(({ name }) => name);

const NOW = '2026-01-01T12:00:00Z';

/** What the registry holds after the plan was carried out. */
function carryOut(modules: readonly Module[], actions: readonly ConfigAction[]): Module[] {
  const stored = new Map(modules.map((module) => [module.metadata.name, module]));
  for (const action of actions) {
    const current = stored.get(action.name);
    if (action.kind === 'delete') stored.delete(action.name);
    if (action.kind === 'hold' && action.mark && current) {
      const annotations = {
        ...current.metadata.annotations,
        [PRUNE_HELD_ANNOTATION]: action.reason,
      };
      stored.set(action.name, { ...current, metadata: { ...current.metadata, annotations } });
    }
    if (action.kind !== 'create' && action.kind !== 'update') continue;
    const draft = recordedDraft(action.declaration, current, NOW);
    const base = current ?? aStored(action.name, undefined);
    const { uid, resourceVersion, generation, creationTimestamp } = base.metadata;
    const server = { uid, resourceVersion, generation, creationTimestamp };
    stored.set(action.name, {
      ...{ ...draft, status: base.status },
      metadata: { ...draft.metadata, ...server },
    });
  }
  return [...stored.values()];
}

describe('planConfig, whatever the files and the registry hold', () => {
  test.prop([aSituation], RUNS)(
    'deletes no more than the brake allows',
    ({ snapshot, modules }) => {
      const owned = modules.filter(
        (module) => ownerFileOf(module) && module.metadata.deletionTimestamp === undefined,
      );
      const deleted = deletions(planAfterGrace(snapshot, modules));
      expect(deleted.length <= 3 || deleted.length <= owned.length / 2).toBe(true);
      if (snapshot.directory.kind !== 'present') expect(deleted).toEqual([]);
      const declares = [...snapshot.files.values()].some(
        ({ content }) => content.kind === 'declares' && content.declarations.length > 0,
      );
      if (!declares && owned.length > 0) expect(deleted.length).toBeLessThan(owned.length);
      const marked = owned.filter(
        ({ metadata }) =>
          metadata.annotations?.[PRUNE_HELD_ANNOTATION] && deleted.includes(metadata.name),
      );
      expect(marked).toEqual([]);
    },
  );

  test.prop([aSituation], RUNS)(
    'deletes no module whose file is broken, changing or hidden by an unreadable folder',
    ({ snapshot, modules }) => {
      const deleted = new Set(deletions(planAfterGrace(snapshot, modules)));
      for (const module of modules.filter(({ metadata }) => deleted.has(metadata.name))) {
        const cover = coverOf(snapshot.files, ownerFileOf(module) ?? '');
        expect(cover === undefined || cover.file.content.kind === 'declares').toBe(true);
        expect(cover?.file.settled ?? true).toBe(true);
      }
    },
  );

  test.prop([aSituation], RUNS)(
    'deletes nothing that was not gone before',
    ({ snapshot, modules }) => {
      const input = { snapshot, modules, confirmed: NOBODY, vanished: undefined, nowMs: VANISH_MS };
      expect(deletions(planConfig(input))).toEqual([]);
    },
  );

  test.prop([aSituation], RUNS)('never touches what was created through the API', (situation) => {
    const ours = new Map(situation.modules.map((module) => [module.metadata.name, module]));
    const plan = planAfterGrace(situation.snapshot, situation.modules);
    for (const { kind, name } of plan.actions) {
      const module = ours.get(name);
      if (module === undefined || ownerFileOf(module) !== undefined) continue;
      expect(['conflict', 'wait']).toContain(kind);
    }
  });

  test.prop([aSituation], RUNS)('asks for no write once it was carried out', (situation) => {
    const { snapshot, modules } = situation;
    const after = carryOut(modules, planAfterGrace(snapshot, modules).actions);
    const again = planAfterGrace(snapshot, after).actions;
    const writes = again.filter(
      (action) =>
        ['create', 'update', 'delete'].includes(action.kind) ||
        (action.kind === 'hold' && action.mark),
    );
    expect(writes).toEqual([]);
    for (const module of after) {
      const file = module.metadata.annotations?.[CONFIG_FILE_ANNOTATION];
      expect(file === undefined || PATHS.includes(file)).toBe(true);
    }
  });

  test.prop([aSituation], RUNS)(
    'does not depend on the order of its input',
    ({ snapshot, modules }) => {
      const turned = { ...snapshot, files: new Map([...snapshot.files].toReversed()) };
      const plan = planAfterGrace(snapshot, modules);
      expect(planAfterGrace(turned, modules.toReversed()).actions).toEqual(plan.actions);
    },
  );
});
