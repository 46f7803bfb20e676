import { describe, expect, it } from 'vitest';
import type { DeclaredObject } from '../../../src/kinds/declared.js';
import { keyText } from '../../../src/model/kinds.js';
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
  aFileOf,
  aPolicyDeclaration,
  aStoredPolicy,
  changing,
  modulesOf,
} from '../../helpers/config-files.js';

const NOBODY: ReadonlySet<string> = new Set();

/** The plan once what vanished has been gone for long enough. */
function planAfterGrace(
  snapshot: ConfigSnapshot,
  objects: readonly DeclaredObject[],
  confirmed = NOBODY,
): ConfigPlan {
  const input: ConfigInput = { snapshot, objects, confirmed, vanished: undefined, nowMs: 0 };
  const first = planConfig(input);
  return planConfig({ ...input, vanished: first.vanished, nowMs: VANISH_MS });
}

const sentences = (plan: ConfigPlan): string[] => plan.actions.map(describeConfigAction);

const MISSING = { kind: 'missing', message: 'Config directory "/c" does not exist' } as const;
const deleting = { deletionTimestamp: '2026-01-01T12:00:00Z' };
const marked = { annotations: { [PRUNE_HELD_ANNOTATION]: 'TooManyVanished' } };
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `mod-${i}`);
const POLICIES = names(9).map((name) => name.replace('mod', 'policy'));
const owned = (count: number, metadata?: Partial<Module['metadata']>): Module[] =>
  names(count).map((name) => aStored(name, `${name}.yaml`, metadata));
const filesOf = (...present: string[]): ConfigSnapshot =>
  aSnapshot(
    Object.fromEntries(present.map((name) => [`${name}.yaml`, aFile(`${name}.yaml`, name)])),
  );

interface Row {
  readonly title: string;
  readonly files: ConfigSnapshot;
  readonly objects: readonly DeclaredObject[];
  readonly confirmed?: readonly string[];
  readonly plan: readonly string[];
}

const rows: Row[] = [
  {
    title: 'creates what a file declares',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web', 'api') }),
    objects: [],
    plan: ['create module "api" from "a.yaml"', 'create module "web" from "a.yaml"'],
  },
  {
    title: 'does nothing when all is as declared',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', 'a.yaml')],
    plan: [],
  },
  {
    title: 'leaves a restart that was asked for',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [
      aStored('web', 'a.yaml', {
        annotations: { [RESTARTED_AT_ANNOTATION]: '2026-01-01T12:00:00Z' },
      }),
    ],
    plan: [],
  },
  {
    title: 'leaves a finalizer of somebody else',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [
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
    objects: [aStored('web', 'a.yaml')],
    plan: ['update module "web" from "a.yaml"'],
  },
  {
    title: 'takes back a label that was set past the file',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', 'a.yaml', { labels: { stray: 'yes' } })],
    plan: ['update module "web" from "a.yaml"'],
  },
  {
    title: 'hands a module to the file it moved to',
    files: aSnapshot({ 'sub/b.yaml': aFile('sub/b.yaml', 'web') }),
    objects: [aStored('web', 'a.yaml')],
    plan: ['hand module "web" from "a.yaml" to "sub/b.yaml"'],
  },
  {
    title: 'hands on a module that its file declares no more',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'api'), 'b.yaml': aFile('b.yaml', 'web') }),
    objects: [aStored('web', 'a.yaml'), aStored('api', 'a.yaml')],
    plan: ['hand module "web" from "a.yaml" to "b.yaml"'],
  },
  {
    title: 'waits with a move while the old file is going',
    files: aSnapshot({
      'a.yaml': changing(aFile('a.yaml', 'web')),
      'b.yaml': aFile('b.yaml', 'web'),
    }),
    objects: [aStored('web', 'a.yaml')],
    plan: [
      'wait with module "web": "a.yaml" is changing',
      'refuse module "web" of "b.yaml": "a.yaml" owns it',
    ],
  },
  {
    title: 'gives a new name to the first file of two',
    files: aSnapshot({ 'b.yaml': aFile('b.yaml', 'web'), 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [],
    plan: [
      'create module "web" from "a.yaml"',
      'refuse module "web" of "b.yaml": "a.yaml" owns it',
    ],
  },
  {
    title: 'leaves a name to the older owner',
    files: aSnapshot({ 'b.yaml': aFile('b.yaml', 'web'), 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', 'b.yaml')],
    plan: ['refuse module "web" of "a.yaml": "b.yaml" owns it'],
  },
  {
    title: 'leaves a name to an owner that is broken',
    files: aSnapshot({ 'b.yaml': aBrokenFile('b.yaml'), 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', 'b.yaml')],
    plan: [
      'keep module "web": "b.yaml" cannot be used',
      'refuse module "web" of "a.yaml": "b.yaml" owns it',
    ],
  },
  {
    title: 'leaves what was created through the API',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', undefined), aStored('other', undefined)],
    plan: ['refuse module "web" of "a.yaml": it was created through the API'],
  },
  {
    title: 'waits for a name whose module is being deleted',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', 'a.yaml', deleting)],
    plan: ['wait with module "web": it is being deleted'],
  },
  {
    title: 'waits for a file that is being written',
    files: aSnapshot({ 'a.yaml': changing(aFile('a.yaml', 'web')) }),
    objects: [],
    plan: ['wait with module "web": "a.yaml" is changing'],
  },
  {
    title: 'keeps the modules of a broken file and of an unreadable folder',
    files: aSnapshot({
      'a.yaml': aBrokenFile('a.yaml'),
      sub: aBrokenFile('sub'),
      'subway.yaml': aFile('subway.yaml', 'other'),
    }),
    objects: [
      aStored('web', 'a.yaml'),
      aStored('api', 'sub/deep/b.yaml'),
      aStored('other', 'subway.yaml'),
    ],
    plan: ['keep module "api": "sub" cannot be used', 'keep module "web": "a.yaml" cannot be used'],
  },
  {
    title: 'deletes a module whose file is gone',
    files: filesOf('mod-0'),
    objects: owned(2),
    plan: ['delete module "mod-1": "mod-1.yaml" declares it no more'],
  },
  {
    title: 'deletes a module that its file declares no more',
    files: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }),
    objects: [aStored('web', 'a.yaml'), aStored('api', 'a.yaml')],
    plan: ['delete module "api": "a.yaml" declares it no more'],
  },
  {
    title: 'deletes three of four: few',
    files: filesOf('mod-0'),
    objects: owned(4),
    plan: [1, 2, 3].map((i) => `delete module "mod-${i}": "mod-${i}.yaml" declares it no more`),
  },
  {
    title: 'deletes four of eight: not more than half',
    files: filesOf(...names(8).slice(4)),
    objects: owned(8),
    plan: [0, 1, 2, 3].map((i) => `delete module "mod-${i}": "mod-${i}.yaml" declares it no more`),
  },
  {
    title: 'holds four of seven',
    files: filesOf(...names(7).slice(4)),
    objects: owned(7),
    plan: [0, 1, 2, 3].map((i) => `hold module "mod-${i}": TooManyVanished`),
  },
  {
    title: 'holds the only module of a directory that became empty',
    files: aSnapshot({}),
    objects: owned(1),
    plan: ['hold module "mod-0": DirectoryEmpty'],
  },
  {
    title: 'holds a few of many that were held before',
    files: filesOf(...names(20).slice(2)),
    objects: [...owned(2, marked), ...owned(20).slice(2)],
    plan: ['hold module "mod-0": TooManyVanished', 'hold module "mod-1": TooManyVanished'],
  },
  {
    title: 'deletes nothing else while some are held',
    files: filesOf(...names(20).slice(2)),
    objects: [...owned(1, marked), ...owned(20).slice(1)],
    plan: ['hold module "mod-0": TooManyVanished', 'hold module "mod-1": TooManyVanished'],
  },
  {
    title: 'takes the mark off a module whose file is back',
    files: filesOf('mod-0'),
    objects: owned(1, marked),
    plan: ['update module "mod-0" from "mod-0.yaml"'],
  },
  {
    title: 'deletes what was held when it is confirmed',
    files: aSnapshot({}),
    objects: owned(2, marked),
    confirmed: names(2),
    plan: [0, 1].map((i) => `delete module "mod-${i}": "mod-${i}.yaml" declares it no more`),
  },
  {
    title: 'does not delete what was confirmed but is back',
    files: filesOf('mod-0', 'mod-1'),
    objects: owned(2),
    confirmed: names(2),
    plan: [],
  },
  {
    title: 'holds all while the directory is missing, but for the API',
    files: aSnapshot({}, MISSING),
    objects: [...owned(1), aStored('other', undefined), aStored('going', 'g.yaml', deleting)],
    plan: ['hold module "mod-0": DirectoryMissing'],
  },
  {
    title: 'does not count what moved as vanished',
    files: aSnapshot({ 'all.yaml': aFile('all.yaml', ...names(5)) }),
    objects: owned(5),
    plan: names(5).map((name) => `hand module "${name}" from "${name}.yaml" to "all.yaml"`),
  },
  {
    title: 'takes a policy and a module of one name for two objects, the policy first',
    files: aSnapshot({
      'a.yaml': aFile('a.yaml', 'web', 'api'),
      'b.yaml': aFileOf(aPolicyDeclaration('b.yaml', 'web')),
    }),
    objects: [],
    plan: [
      'create policy "web" from "b.yaml"',
      'create module "api" from "a.yaml"',
      'create module "web" from "a.yaml"',
    ],
  },
  {
    title: 'does nothing when a policy is as declared, and updates one that differs',
    files: aSnapshot({
      'a.yaml': aFileOf(aPolicyDeclaration('a.yaml', 'same')),
      'b.yaml': aFileOf(aPolicyDeclaration('b.yaml', 'other', 7)),
    }),
    objects: [aStoredPolicy('same', 'a.yaml'), aStoredPolicy('other', 'b.yaml')],
    plan: ['update policy "other" from "b.yaml"'],
  },
  {
    title: 'leaves a policy to its owner: another file, the API, or a file that is broken',
    files: aSnapshot({
      'a.yaml': aFileOf(
        ...['one', 'two', 'three'].map((name) => aPolicyDeclaration('a.yaml', name)),
      ),
      'b.yaml': aFileOf(aPolicyDeclaration('b.yaml', 'one')),
      'c.yaml': aBrokenFile('c.yaml'),
    }),
    objects: [
      aStoredPolicy('one', 'b.yaml'),
      aStoredPolicy('two', undefined),
      aStoredPolicy('three', 'c.yaml'),
    ],
    plan: [
      'refuse policy "one" of "a.yaml": "b.yaml" owns it',
      'keep policy "three": "c.yaml" cannot be used',
      'refuse policy "three" of "a.yaml": "c.yaml" owns it',
      'refuse policy "two" of "a.yaml": it was created through the API',
    ],
  },
  {
    title: 'deletes a policy that is declared no more',
    files: filesOf('mod-0'),
    objects: [...owned(1), aStoredPolicy('default', 'policy.yaml')],
    plan: ['delete policy "default": "policy.yaml" declares it no more'],
  },
  {
    title: 'holds all modules that go, however many policies stay',
    files: aSnapshot({
      'p.yaml': aFileOf(...POLICIES.map((p) => aPolicyDeclaration('p.yaml', p))),
    }),
    objects: [...owned(4), ...POLICIES.map((name) => aStoredPolicy(name, 'p.yaml'))],
    plan: names(4).map((name) => `hold module "${name}": TooManyVanished`),
  },
  {
    title: 'holds policies and modules of a directory that became empty',
    files: aSnapshot({}),
    objects: [...owned(1), aStoredPolicy('default', 'policy.yaml')],
    plan: ['hold policy "default": DirectoryEmpty', 'hold module "mod-0": DirectoryEmpty'],
  },
];

describe('planConfig', () => {
  it.each(rows)('$title', ({ files, objects, confirmed = [], plan }) => {
    const keys = new Set(modulesOf(...confirmed).map(keyText));
    expect(sentences(planAfterGrace(files, objects, keys))).toEqual(plan);
  });

  it('waits before it deletes, and longer when others vanish meanwhile', () => {
    const input = { objects: owned(10), confirmed: NOBODY };
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
    expect(last.held?.objects).toEqual(modulesOf(...names(10).slice(2)));
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

  it('counts what is held of several kinds', () => {
    const objects = [...owned(3), aStoredPolicy('default', 'p.yaml')];
    expect(planAfterGrace(aSnapshot({}), objects).held?.message).toMatch(/; its 4 objects stay /);
    const more = [...objects, aStoredPolicy('other', 'q.yaml')];
    const files = aSnapshot({ 'q.yaml': aFileOf(aPolicyDeclaration('q.yaml', 'other')) });
    const { held } = planAfterGrace(files, more);
    expect(held?.message).toMatch(/^No file declares 4 of 5 objects any more; /);
    expect(held?.objects).toEqual([{ kind: 'Policy', name: 'default' }, ...modulesOf(...names(3))]);
  });

  it('says what is held and how to go on', () => {
    const held = planAfterGrace(filesOf(...names(7).slice(4)), owned(7)).held;
    expect(held).toEqual({
      reason: 'TooManyVanished',
      message:
        'No file declares 4 of 7 modules any more; they stay until the files are back or the removal is confirmed (registrar config confirm-prune)',
      objects: modulesOf(...names(4)),
    });
  });
});
