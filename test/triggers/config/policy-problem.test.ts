import { describe, expect, it } from 'vitest';
import { RegistrarError } from '../../../src/model/errors.js';
import type { ErrorCode } from '../../../src/model/errors.js';
import { policiesIn } from '../../../src/triggers/config/policies-in.js';
import { policyProblemOf } from '../../../src/triggers/config/policy-problem.js';
import type { PolicyInput } from '../../../src/triggers/config/policy-problem.js';
import {
  aBrokenFile,
  aDeclaration,
  aFile,
  aPolicyDeclaration,
  aSnapshot,
  aStored,
  aStoredPolicy,
  changing,
} from '../../helpers/config-files.js';

const NOTHING: PolicyInput = {
  snapshot: aSnapshot({}),
  ...{ objects: [], refusals: [], wasListed: true, before: undefined },
};
const problem = (input: Partial<PolicyInput>): string | undefined =>
  policyProblemOf({ ...NOTHING, ...input });
const broken = (policies: number | 'unknown', file = 'a.yaml') =>
  aSnapshot({ 'web.yaml': aFile('web.yaml', 'web'), [file]: aBrokenFile(file, policies) });

const UNKNOWN = { content: { kind: 'unknown' }, settled: false } as const;

describe('policyProblemOf', () => {
  it('says which file is wrong, and what to do', () => {
    expect(problem({ snapshot: broken(1) })).toBe(
      'A file that cannot be used may declare a policy: a.yaml:1:1: spec: is wrong; correct or remove it',
    );
  });

  it.each<[string, Partial<PolicyInput>]>([
    ['a broken file mentions a policy', { snapshot: broken(1) }],
    [
      'a broken file mentions a policy more than are stored of it',
      { snapshot: broken(2), objects: [aStoredPolicy('one', 'a.yaml')] },
    ],
    [
      'a broken file mentions a policy, and had modules alone',
      { snapshot: broken(1), objects: [aStored('web', 'a.yaml')] },
    ],
    [
      'another file has a policy',
      { snapshot: broken(1), objects: [aStoredPolicy('one', 'b.yaml')] },
    ],
    ['a file cannot be read', { snapshot: broken('unknown') }],
    [
      'a folder cannot be read',
      { snapshot: broken('unknown', 'sub'), objects: [aStored('web', 'subway/a.yaml')] },
    ],
    [
      'a file was never still',
      { snapshot: aSnapshot({ 'a.yaml': { ...UNKNOWN, restless: true } }) },
    ],
  ])('speaks when %s', (_case, input) => {
    expect(problem(input)).toMatch(/^A file that cannot be used may declare a policy: /);
  });

  it.each<[string, Partial<PolicyInput>]>([
    ['all is well', { snapshot: aSnapshot({ 'a.yaml': aFile('a.yaml', 'web') }) }],
    ['a broken file mentions no policy', { snapshot: broken(0) }],
    [
      'the policy of a broken file is stored',
      { snapshot: broken(1), objects: [aStoredPolicy('one', 'a.yaml')] },
    ],
    [
      'an unreadable file is known by a module',
      { snapshot: broken('unknown'), objects: [aStored('web', 'a.yaml')] },
    ],
    [
      'something of an unreadable folder is known',
      { snapshot: broken('unknown', 'sub'), objects: [aStored('web', 'sub/deep/a.yaml')] },
    ],
    [
      'a new file is being written',
      { snapshot: aSnapshot({ 'a.yaml': { ...UNKNOWN, restless: false } }) },
    ],
    [
      'a good file keeps changing',
      {
        snapshot: aSnapshot({ 'a.yaml': { ...changing(aFile('a.yaml', 'web')), restless: true } }),
      },
    ],
  ])('is silent when %s', (_case, input) => {
    expect(problem(input)).toBeUndefined();
  });
});

describe('policyProblemOf a directory', () => {
  const unreadable = {
    kind: 'unreadable',
    message: 'Config directory "/c" cannot be read',
  } as const;
  const missing = { kind: 'missing', message: 'Config directory "/c" does not exist' } as const;

  it('speaks when it never could be listed', () => {
    const snapshot = aSnapshot({}, unreadable);
    expect(problem({ snapshot, wasListed: false })).toBe(
      'Config directory "/c" cannot be read, so its policies are not known; bring it back',
    );
  });

  it('speaks of a missing one only when something is of it', () => {
    const snapshot = aSnapshot({}, missing);
    expect(problem({ snapshot, wasListed: false, before: 'Not read' })).toBeUndefined();
    const objects = [aStored('web', 'a.yaml')];
    expect(problem({ snapshot, wasListed: false, objects })).toMatch(
      /^Config directory "\/c" does/,
    );
    expect(
      problem({ snapshot, wasListed: false, objects: [aStored('web', undefined)] }),
    ).toBeUndefined();
  });

  it('says what it said before while the directory is away', () => {
    const snapshot = aSnapshot({}, missing);
    expect(problem({ snapshot, before: 'What was said' })).toBe('What was said');
    expect(problem({ snapshot, before: undefined })).toBeUndefined();
  });
});

describe('policyProblemOf what the store refused', () => {
  const refusal = (kind: 'Policy' | 'Module', code: ErrorCode) => ({
    action: {
      kind: 'create' as const,
      object: { kind, name: 'default' },
      declaration:
        kind === 'Policy'
          ? aPolicyDeclaration('a.yaml', 'default')
          : aDeclaration('a.yaml', 'default'),
    },
    error: new RegistrarError(code, 'No room left on the disk'),
  });

  it('speaks of a policy, not of a module or of one that somebody else has just stored', () => {
    expect(problem({ refusals: [refusal('Policy', 'STORE_UNAVAILABLE')] })).toBe(
      'Policy "default" could not be stored: No room left on the disk',
    );
    expect(problem({ refusals: [refusal('Module', 'STORE_UNAVAILABLE')] })).toBeUndefined();
    expect(problem({ refusals: [refusal('Policy', 'ALREADY_EXISTS')] })).toBeUndefined();
  });
});

describe('policiesIn', () => {
  it.each([
    ['kind: Policy\nspec: [', 1],
    ['a: 1\n---\nkind:   "Policy"\n---\nkind: Policy # mine\n', 2],
    ['{"kind": "Policy", "spec": [}', 1],
    ['- {kind: Policy}\n- {kind: Policy}\n}', 2],
    ['items: [{ apiVersion: v1, "kind":"Policy" }', 1],
    ['kind: policy\n\tspec:', 1],
    ['kind: Module\n  # kind: Policy\n# kind: Policy', 0],
    ['kind: PolicyReport', 0],
    ['mankind: Policy', 0],
    ['policy: kind', 0],
  ])('counts in %j %i', (text, count) => {
    expect(policiesIn(text)).toBe(count);
  });
});
