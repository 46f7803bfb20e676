import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/lib/log.js';
import { RegistrarError } from '../../../src/model/errors.js';
import type { ErrorCode } from '../../../src/model/errors.js';
import type { Registry } from '../../../src/registry/registry.js';
import { ConfigConverger } from '../../../src/triggers/config/converge.js';
import type { ConvergerOptions } from '../../../src/triggers/config/converge.js';
import { auditOf } from '../../helpers/audit.js';
import { aManifest } from '../../helpers/builders.js';
import {
  aDeclaration,
  aFile,
  aFileOf,
  aPolicyDeclaration,
  aSnapshot,
} from '../../helpers/config-files.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { openTempRegistry } from '../../helpers/temp-registry.js';
import type { ConfigSnapshot, Declaration } from '../../../src/triggers/config/snapshot.js';

const NOBODY: ReadonlySet<string> = new Set();

let store: Registry;
/** What the store answers to a write of a module, by name. */
let refused: Map<string, ErrorCode>;
let eventsFail: boolean;
let noticed: string[][];
let policyProblems: (string | undefined)[];
let converger: ConfigConverger;

/** The real registry, which refuses what a test wants it to. */
function refusingRegistry(): ConvergerOptions['registry'] {
  const check = (name: string): void => {
    const code = refused.get(name);
    if (code !== undefined) throw new RegistrarError(code, 'No room left on the disk');
  };
  return {
    list: (kind) => store.list(kind),
    create: async (kind, draft, options) => {
      check(draft.metadata.name);
      return store.create(kind, draft, options);
    },
    update: async (kind, name, change, options) => {
      check(name);
      return store.update(kind, name, change, options);
    },
    delete: async (kind, name, options) => {
      check(name);
      return store.delete(kind, name, options);
    },
    recordEvent: async (event) => {
      if (eventsFail) throw new RegistrarError('STORE_UNAVAILABLE', 'No room left on the disk');
      return store.recordEvent(event);
    },
  };
}

beforeEach(async () => {
  store = (await openTempRegistry()).registry;
  refused = new Map();
  eventsFail = false;
  noticed = [];
  policyProblems = [];
  converger = new ConfigConverger({
    ...{ registry: refusingRegistry(), clock: new FakeClock(), log: silentLog },
    onNotice: (modules) => noticed.push([...modules]),
    onPolicyProblem: () => policyProblems.push(converger.policyProblem),
  });
});

const names = (): string[] => store.list('Module').items.map(({ object }) => object.metadata.name);
const both = aSnapshot({ 'a.yaml': aFile('a.yaml', 'api', 'web') });

function webAt(version: string): ConfigSnapshot {
  const declarations = [aDeclaration('a.yaml', 'web', version)];
  return aSnapshot({
    'a.yaml': { ...aFile('a.yaml'), content: { kind: 'declares', declarations } },
  });
}

describe('ConfigConverger', () => {
  it('tells the audit which file wants what', async () => {
    await converger.converge(both, NOBODY);
    await converger.converge(webAt('2.0.0'), new Set(['module/api']));
    const lines = await auditOf(store);
    expect(lines.map(({ verb, name, source }) => [verb, name, source])).toEqual([
      ['create', 'api', 'config:a.yaml'],
      ['create', 'web', 'config:a.yaml'],
      ['delete', 'api', 'config:a.yaml'],
      ['update', 'web', 'config:a.yaml'],
    ]);
    expect(lines[0]).toMatchObject({
      ...{ user: 'registrar-config', resource: 'modules.registrar.synapsis.network' },
      ...{ code: 201, groups: [], requestId: '' },
    });
    expect(await store.audit.verify()).toMatchObject({ ok: true });
  });

  it('does not know the policies before the first look', async () => {
    expect(converger.policyProblem).toBe(
      'Config directory has not been read yet, wait until it is',
    );
    await converger.converge(both, NOBODY);
    expect(converger.policyProblem).toBeUndefined();
    expect(policyProblems).toEqual([undefined]);
  });

  it('does not know the policies while one is refused, already for the modules beside it', async () => {
    const files = aSnapshot({
      'a.yaml': aFileOf(aPolicyDeclaration('a.yaml', 'default'), aDeclaration('a.yaml', 'web')),
    });
    refused.set('default', 'STORE_UNAVAILABLE');
    const said: (string | undefined)[] = [];
    store.watch('Module', store.resourceVersion, () => said.push(converger.policyProblem));
    await converger.converge(files, NOBODY);
    const problem = 'Policy "default" could not be stored: No room left on the disk';
    expect(said).toEqual([problem]);
    expect(converger.policyProblem).toBe(problem);
    refused.clear();
    await converger.converge(files, NOBODY);
    expect(converger.policyProblem).toBeUndefined();
    expect(store.get('Policy', 'default')?.object.spec.priority).toBe(0);
  });

  it('stores the others when one is refused, tells of it, and tries again', async () => {
    refused.set('api', 'STORE_UNAVAILABLE');
    await converger.converge(both, NOBODY);
    expect(names()).toEqual(['web']);
    expect(converger.report.problems).toEqual([
      {
        file: 'a.yaml',
        errors: ['a.yaml:1:1: Module "api" could not be stored: No room left on the disk'],
      },
    ]);
    refused.clear();
    await converger.converge(both, NOBODY);
    expect(names()).toEqual(['api', 'web']);
    expect(converger.report.problems).toEqual([]);
  });

  it('gives a module a notice while its update is refused', async () => {
    await converger.converge(webAt('1.0.0'), NOBODY);
    refused.set('web', 'INVALID');
    await converger.converge(webAt('2.0.0'), NOBODY);
    expect(converger.report.notices.get('module/web')).toEqual({
      ...{ type: 'ConfigStale', status: 'True', reason: 'FileInvalid' },
      message: 'Kept as it was, its file is not applied: No room left on the disk',
    });
    await converger.converge(webAt('2.0.0'), NOBODY);
    refused.clear();
    await converger.converge(webAt('2.0.0'), NOBODY);
    expect(store.get('Module', 'web')?.object.spec.version).toBe('2.0.0');
    expect(noticed).toEqual([['web'], ['web']]);
    expect(store.list('Event').items.map(({ object }) => object.count)).toEqual([1]);
  });

  it('says nothing of a module that somebody else changed at the same time', async () => {
    refused.set('api', 'ALREADY_EXISTS');
    const { refusals } = await converger.converge(both, NOBODY);
    expect(refusals).toHaveLength(1);
    expect(converger.report.problems).toEqual([]);
  });

  it('stores modules when events cannot be recorded', async () => {
    eventsFail = true;
    refused.set('api', 'INVALID');
    await converger.converge(both, NOBODY);
    expect(names()).toEqual(['web']);
  });

  it('writes nothing the second time', async () => {
    await converger.converge(both, NOBODY);
    const { resourceVersion } = store;
    await converger.converge(both, NOBODY);
    expect(store.resourceVersion).toBe(resourceVersion);
  });
});

describe('modules that depend on each other', () => {
  /** Each module beside those that it needs, all in one file. */
  const files = (needs: Record<string, readonly string[]>): ConfigSnapshot =>
    aSnapshot({
      'a.yaml': aFileOf(
        ...Object.entries(needs).map(([name, needed]): Declaration => {
          const dependsOn = needed.map((one) => ({ name: one }));
          return { manifest: aManifest(name, { dependsOn }), file: 'a.yaml', line: 1 };
        }),
      ),
    });
  const going = (): string[] =>
    store
      .list('Module')
      .items.flatMap(({ object: { metadata } }) =>
        metadata.deletionTimestamp === undefined ? [] : [metadata.name],
      );

  it('are deleted together, whatever their names', async () => {
    await converger.converge(files({ base: [], web: ['base'] }), NOBODY);
    const all = new Set(['module/base', 'module/web']);
    const { refusals } = await converger.converge(files({}), all);
    expect([refusals, going()]).toEqual([[], ['base', 'web']]);
  });

  it('stay when one of them is declared no more and another one needs it', async () => {
    await converger.converge(files({ base: [], web: ['base'] }), NOBODY);
    await converger.converge(files({ web: ['base'] }), new Set(['module/base']));
    expect(going()).toEqual([]);
    expect(converger.report.problems).toEqual([
      {
        file: 'a.yaml',
        errors: [
          'a.yaml: Module "base" could not be deleted: Module "base" is needed by "web": delete what needs it first, or all of it with --cascade',
        ],
      },
    ]);
  });

  it('may turn an arrow around, whichever of the two is stored first', async () => {
    await converger.converge(files({ api: [], web: ['api'] }), NOBODY);
    await converger.converge(files({ api: ['web'], web: [] }), NOBODY);
    expect(converger.report.problems).toEqual([]);
    await converger.converge(files({ api: [], web: ['api'] }), NOBODY);
    expect(converger.report.problems).toEqual([]);
  });
});
