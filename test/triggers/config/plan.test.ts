import { describe, expect, it } from 'vitest';
import { PRUNE_HELD_ANNOTATION, RESTARTED_AT_ANNOTATION } from '../../../src/model/names.js';
import type { Module } from '../../../src/model/module.js';
import { describeConfigAction } from '../../../src/triggers/config/action.js';
import { planConfig, VANISH_MS } from '../../../src/triggers/config/plan.js';
import type { ConfigInput, ConfigPlan } from '../../../src/triggers/config/plan.js';
import type { ConfigSnapshot } from '../../../src/triggers/config/snapshot.js';
import {
  aBrokenFile,
  aDeclaration,
  aFile,
  aSnapshot,
  aStored,
  changing,
} from '../../helpers/config-files.js';

const NOBODY: ReadonlySet<string> = new Set();

/** The plan once what vanished has been gone for long enough. */
function planAfterGrace(
  snapshot: ConfigSnapshot,
  modules: readonly Module[],
  confirmed = NOBODY,
): ConfigPlan {
  const input: ConfigInput = { snapshot, modules, confirmed, vanished: undefined, nowMs: 0 };
  const first = planConfig(input);
  return planConfig({ ...input, vanished: first.vanished, nowMs: VANISH_MS });
}

const sentences = (plan: ConfigPlan): string[] => plan.actions.map(describeConfigAction);

const MISSING = { kind: 'missing', message: 'Config directory "/c" does not exist' } as const;
const deleting = { deletionTimestamp: '2026-01-01T12:00:00Z' };
const marked = { annotations: { [PRUNE_HELD_ANNOTATION]: 'TooManyVanished' } };
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `mod-${i}`);
const owned = (count: number, metadata?: Partial<Module['metadata']>): Module[] =>
  names(count).map((name) => aStored(name, `${name}.yaml`, metadata));
const filesOf = (...present: string[]): ConfigSnapshot =>
  aSnapshot(
    Object.fromEntries(present.map((name) => [`${name}.yaml`, aFile(`${name}.yaml`, name)])),
  );

interface Row {
  readonly title: string;
  readonly files: ConfigSnapshot;
  readonly modules: readonly Module[];
  readonly confirmed?: readonly string[];
  readonly plan: readonly string[];
}

const rows: Row[] = [
  {
    title: 'creates what a file declares',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web', 'api') }),
    modules: [],
    plan: ['create module "api" from "a.yaml"', 'create module "web" from "a.yaml"'],
  },
  {
    title: 'does nothing when all is as declared',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', 'a.yaml')],
    plan: [],
  },
  {
    title: 'leaves a restart that was asked for',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [
      aStored('web', 'a.yaml', {
        annotations: { [RESTARTED_AT_ANNOTATION]: '2026-01-01T12:00:00Z' },
      }),
    ],
    plan: [],
  },
  {
    title: 'leaves a finalizer of somebody else',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [
      aStored('web', 'a.yaml', {
        finalizers: ['example.org/backup', 'registrar.synapsis.network/containers'],
      }),
    ],
    plan: [],
  },
  {
    title: 'updates what differs',
    files: aSnapshot({
      'a.yaml': {
        ...aFile('a.yaml'),
        content: { kind: 'declares', declarations: [aDeclaration('a.yaml', 'web', '2.0.0')] },
      },
    }),
    modules: [aStored('web', 'a.yaml')],
    plan: ['update module "web" from "a.yaml"'],
  },
  {
    title: 'takes back a label that was set past the file',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', 'a.yaml', { labels: { stray: 'yes' } })],
    plan: ['update module "web" from "a.yaml"'],
  },
  {
    title: 'hands a module to the file it moved to',
    files: aSnapshot({ 'sub/b.yaml': aFile('sub/b.yaml', 'web') }),
    modules: [aStored('web', 'a.yaml')],
    plan: ['hand module "web" from "a.yaml" to "sub/b.yaml"'],
  },
  {
    title: 'hands on a module that its file declares no more',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'api'), 'b.yaml': aFile('b.yaml', 'web') }),
    modules: [aStored('web', 'a.yaml'), aStored('api', 'a.yaml')],
    plan: ['hand module "web" from "a.yaml" to "b.yaml"'],
  },
  {
    title: 'waits with a move while the old file is going',
    files: aSnapshot({
      'a.yaml': changing(aFile('a.yaml', 'web')),
      'b.yaml': aFile('b.yaml', 'web'),
    }),
    modules: [aStored('web', 'a.yaml')],
    plan: [
      'wait with module "web": "a.yaml" is changing',
      'refuse module "web" of "b.yaml": "a.yaml" owns it',
    ],
  },
  {
    title: 'gives a new name to the first file of two',
    files: aSnapshot({ 'b.yaml': aFile('b.yaml', 'web'), 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [],
    plan: [
      'create module "web" from "a.yaml"',
      'refuse module "web" of "b.yaml": "a.yaml" owns it',
    ],
  },
  {
    title: 'leaves a name to the older owner',
    files: aSnapshot({ 'b.yaml': aFile('b.yaml', 'web'), 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', 'b.yaml')],
    plan: ['refuse module "web" of "a.yaml": "b.yaml" owns it'],
  },
  {
    title: 'leaves a name to an owner that is broken',
    files: aSnapshot({ 'b.yaml': aBrokenFile('b.yaml'), 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', 'b.yaml')],
    plan: [
      'keep module "web": "b.yaml" cannot be used',
      'refuse module "web" of "a.yaml": "b.yaml" owns it',
    ],
  },
  {
    title: 'leaves what was created through the API',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', undefined), aStored('other', undefined)],
    plan: ['refuse module "web" of "a.yaml": it was created through the API'],
  },
  {
    title: 'waits for a name whose module is being deleted',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', 'a.yaml', deleting)],
    plan: ['wait with module "web": it is being deleted'],
  },
  {
    title: 'waits for a file that is being written',
    files: aSnapshot({ 'a.yaml': changing(aFile('a.yaml', 'web')) }),
    modules: [],
    plan: ['wait with module "web": "a.yaml" is changing'],
  },
  {
    title: 'keeps the modules of a broken file and of an unreadable folder',
    files: aSnapshot({
      'a.yaml': aBrokenFile('a.yaml'),
      sub: aBrokenFile('sub'),
      'subway.yaml': aFile('subway.yaml', 'other'),
    }),
    modules: [
      aStored('web', 'a.yaml'),
      aStored('api', 'sub/deep/b.yaml'),
      aStored('other', 'subway.yaml'),
    ],
    plan: ['keep module "api": "sub" cannot be used', 'keep module "web": "a.yaml" cannot be used'],
  },
  {
    title: 'deletes a module whose file is gone',
    files: filesOf('mod-0'),
    modules: owned(2),
    plan: ['delete module "mod-1": "mod-1.yaml" declares it no more'],
  },
  {
    title: 'deletes a module that its file declares no more',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    modules: [aStored('web', 'a.yaml'), aStored('api', 'a.yaml')],
    plan: ['delete module "api": "a.yaml" declares it no more'],
  },
  {
    title: 'deletes three of four: few',
    files: filesOf('mod-0'),
    modules: owned(4),
    plan: [1, 2, 3].map((i) => `delete module "mod-${i}": "mod-${i}.yaml" declares it no more`),
  },
  {
    title: 'deletes four of eight: not more than half',
    files: filesOf(...names(8).slice(4)),
    modules: owned(8),
    plan: [0, 1, 2, 3].map((i) => `delete module "mod-${i}": "mod-${i}.yaml" declares it no more`),
  },
  {
    title: 'holds four of seven',
    files: filesOf(...names(7).slice(4)),
    modules: owned(7),
    plan: [0, 1, 2, 3].map((i) => `hold module "mod-${i}": TooManyVanished`),
  },
  {
    title: 'holds the only module of a directory that became empty',
    files: aSnapshot({}),
    modules: owned(1),
    plan: ['hold module "mod-0": DirectoryEmpty'],
  },
  {
    title: 'holds a few of many that were held before',
    files: filesOf(...names(20).slice(2)),
    modules: [...owned(2, marked), ...owned(20).slice(2)],
    plan: ['hold module "mod-0": TooManyVanished', 'hold module "mod-1": TooManyVanished'],
  },
  {
    title: 'deletes nothing else while some are held',
    files: filesOf(...names(20).slice(2)),
    modules: [...owned(1, marked), ...owned(20).slice(1)],
    plan: ['hold module "mod-0": TooManyVanished', 'hold module "mod-1": TooManyVanished'],
  },
  {
    title: 'takes the mark off a module whose file is back',
    files: filesOf('mod-0'),
    modules: owned(1, marked),
    plan: ['update module "mod-0" from "mod-0.yaml"'],
  },
  {
    title: 'deletes what was held when it is confirmed',
    files: aSnapshot({}),
    modules: owned(2, marked),
    confirmed: names(2),
    plan: [0, 1].map((i) => `delete module "mod-${i}": "mod-${i}.yaml" declares it no more`),
  },
  {
    title: 'does not delete what was confirmed but is back',
    files: filesOf('mod-0', 'mod-1'),
    modules: owned(2),
    confirmed: names(2),
    plan: [],
  },
  {
    title: 'holds all while the directory is missing, but for the API',
    files: aSnapshot({}, MISSING),
    modules: [...owned(1), aStored('other', undefined), aStored('going', 'g.yaml', deleting)],
    plan: ['hold module "mod-0": DirectoryMissing'],
  },
  {
    title: 'does not count what moved as vanished',
    files: aSnapshot({ 'all.yaml': aFile('all.yaml', ...names(5)) }),
    modules: owned(5),
    plan: names(5).map((name) => `hand module "${name}" from "${name}.yaml" to "all.yaml"`),
  },
];

describe('planConfig', () => {
  it.each(rows)('$title', ({ files, modules, confirmed = [], plan }) => {
    expect(sentences(planAfterGrace(files, modules, new Set(confirmed)))).toEqual(plan);
  });

  it('waits before it deletes, and longer when others vanish meanwhile', () => {
    const input = { modules: owned(10), confirmed: NOBODY };
    const snapshot = filesOf(...names(9));
    const first = planConfig({ ...input, snapshot, vanished: undefined, nowMs: 0 });
    expect(sentences(first)).toEqual([
      'wait with module "mod-9": no file declares it since a moment',
    ]);
    const fewer = filesOf(...names(2));
    const next = planConfig({
      ...input,
      snapshot: fewer,
      vanished: first.vanished,
      nowMs: VANISH_MS,
    });
    expect(next.actions.every(({ kind }) => kind === 'wait')).toBe(true);
    const last = planConfig({
      ...input,
      snapshot: fewer,
      vanished: next.vanished,
      nowMs: 2 * VANISH_MS,
    });
    expect(last.held?.modules).toEqual(names(10).slice(2));
  });

  it('deletes nothing while any file is changing', () => {
    const snapshot = aSnapshot({
      'a.yaml': aFile('a.yaml', 'web'),
      'new.yaml': changing({ ...aFile('new.yaml'), content: { kind: 'unknown' } }),
    });
    const plan = planAfterGrace(snapshot, [aStored('web', 'a.yaml'), aStored('api', 'a.yaml')]);
    expect(sentences(plan)).toEqual(['wait with module "api": no file declares it since a moment']);
    expect(plan.hasFresh).toBe(true);
  });

  it('says what is held and how to go on', () => {
    const held = planAfterGrace(filesOf(...names(7).slice(4)), owned(7)).held;
    expect(held).toEqual({
      reason: 'TooManyVanished',
      message:
        'No file declares 4 of 7 modules any more; they stay until the files are back or the removal is confirmed (registrar config confirm-prune)',
      modules: names(4),
    });
  });
});
