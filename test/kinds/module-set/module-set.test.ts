import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseDeclared } from '../../../src/kinds/declared.js';
import { declaredWriter } from '../../../src/kinds/declared-writer.js';
import { MODULE_SET_CHECKS } from '../../../src/kinds/module-set/checks.js';
import { expand } from '../../../src/kinds/module-set/expand.js';
import type { JsonObject } from '../../../src/lib/merge-patch.js';
import { formatProblem } from '../../../src/manifest/parse.js';
import type { ModuleSet, ModuleSetSpec } from '../../../src/model/module-set.js';
import { aCountedSet, aModuleSet, instances, TEMPLATE } from '../../helpers/module-sets.js';

const writer = declaredWriter<ModuleSet>(MODULE_SET_CHECKS);
const drafted = (set: object) => writer.draft(set as JsonObject, undefined, 'strict').draft;
const stampedOf = (set: { metadata: { name: string }; spec: object }) =>
  expand(set.metadata.name, drafted(set).spec).stamped.map(({ manifest }) => manifest);
const withSpec = (more: object): object => ({ ...TEMPLATE, spec: { ...TEMPLATE.spec, ...more } });
const problemsOf = (set: object): string[] =>
  parseDeclared(stringify(set), 'set.yaml').problems.map(formatProblem);

describe('a set', () => {
  it('has defaults of its own, and none in its template', () => {
    const { spec } = drafted(aModuleSet('miners')) as { spec: ModuleSetSpec };
    expect(spec.rollout).toEqual({
      ...{
        maxUnavailable: 1,
        bakeSeconds: 0,
        progressDeadlineSeconds: 600,
        updates: 'Each',
        paused: false,
      },
    });
    expect(spec.template).toEqual(TEMPLATE);
  });

  it('stands for modules with the values of their instances, as text and as numbers', () => {
    const [alice, bob] = stampedOf(aModuleSet('miners'));
    expect([alice?.metadata, bob?.metadata]).toEqual([
      { name: 'miners-alice', labels: { hotkey: 'alice' } },
      { name: 'miners-bob', labels: { hotkey: 'bob' } },
    ]);
    expect(bob?.spec).toMatchObject({
      env: [{ name: 'HOTKEY', value: 'bob' }],
      ports: [{ name: 'axon', containerPort: 8091, hostPort: 20002, hostIp: '127.0.0.1' }],
      ...{ replicas: 1, suspend: false },
    });
  });

  it('counts, with numbers that stay with their place', () => {
    const template = withSpec({ env: [{ name: 'ME', value: '${set}/${name}/${index}' }] });
    const ranges = [{ name: 'port', from: 20001, step: 10 }];
    const of = (replicas: number) =>
      stampedOf(aCountedSet('miners', replicas, { template, ranges }));
    expect(of(3).map(({ metadata, spec }) => [metadata.name, spec.ports[0]?.hostPort])).toEqual([
      ['miners-0', 20001],
      ['miners-1', 20011],
      ['miners-2', 20021],
    ]);
    expect(of(3)[2]?.spec.env).toEqual([{ name: 'ME', value: 'miners/2/2' }]);
    expect(of(2)).toEqual(of(3).slice(0, 2));
    expect(of(0)).toEqual([]);
  });

  it('lets an instance say another value than all others', () => {
    const template = withSpec({ image: 'sample:${tag}' });
    const [alice, bob] = instances('alice', 'bob');
    const canary = { ...bob, values: { ...bob?.values, tag: '2' } };
    const spec = { template, values: { tag: '1' }, instances: [alice, canary] };
    expect(stampedOf(aModuleSet('miners', spec)).map(({ spec: { image } }) => image)).toEqual([
      ...['sample:1', 'sample:2'],
    ]);
  });

  it('writes a number as text where a text is wanted, and "${" where that is what is meant', () => {
    const args = ['--port=${port}', '${port}', '$${HOME}', '$HOME $$ ${hotkey}$'];
    const [alice] = stampedOf(aModuleSet('miners', { template: withSpec({ args }) }));
    expect(alice?.spec.args).toEqual(['--port=20001', '20001', '${HOME}', '$HOME $$ alice$']);
  });

  it('fills in values as they are: one with a placeholder in it is no template', () => {
    const spec = { instances: [{ name: 'eve', values: { hotkey: '${port}$&', port: 20001 } }] };
    const labels = { metadata: {}, spec: TEMPLATE.spec };
    const [eve] = stampedOf(aModuleSet('miners', { ...spec, template: labels }));
    expect(eve?.spec.env).toEqual([{ name: 'HOTKEY', value: '${port}$&' }]);
  });

  it.each([
    ['both a count and a list', { replicas: 2 }, 'spec.replicas'],
    ['neither', { instances: undefined }, 'spec.instances'],
    ['ranges beside a list', { ranges: [{ name: 'port', from: 1 }] }, 'spec.ranges'],
    [
      'an instance twice',
      { instances: instances('alice', 'bob', 'alice') },
      'spec.instances[2].name',
    ],
    ['a value named as what is there', { values: { name: 'x' } }, 'spec.values.name'],
    ['a value without a usable name', { values: { 'a-b': 'x' } }, 'spec.values["a-b"]'],
    ['a value that is none', { values: { a: {} } }, 'spec.values.a'],
    ['more than can be meant', { instances: undefined, replicas: 257 }, 'spec.replicas'],
    ['a rollout of none', { rollout: { maxUnavailable: 0 } }, 'spec.rollout.maxUnavailable'],
  ])('is refused with %s', (_, spec, field) => {
    const refused = (): unknown => drafted(aModuleSet('miners', spec));
    expect(causesOf(refused)).toContain(field);
  });

  it.each([
    ['a placeholder that stands for nothing', { args: ['${prt}'] }, 'args[0]'],
    ['a text where a number is wanted', { replicas: '${hotkey}' }, 'replicas'],
    [
      'a value out of range',
      { ports: [{ name: 'a', containerPort: '${big}' }] },
      'ports[0].containerPort',
    ],
    [
      'one port of the host for all',
      { ports: [{ name: 'a', containerPort: 1, hostPort: 2000 }] },
      'ports[0].hostPort',
    ],
    ['what the modules may not have', { env: [{ name: 'A' }, { name: 'A' }] }, 'env[1].name'],
    ['a licence that is none', { license: 'x y' }, 'license'],
  ])('tells the instance with %s', (_, more, field) => {
    const spec = { template: withSpec(more), values: { big: 70000 } };
    const found = problemsOf(aModuleSet('miners', spec));
    const line = found.find((problem) => problem.includes(` spec.template.spec.${field}: `));
    expect(found.every((problem) => /^set\.yaml:\d+:\d+: /.test(problem))).toBe(true);
    expect(line).toContain('instance "alice"');
  });

  it.each(['${port', '${FOO:-x}', '${}', '${9}'])('knows that %s is no placeholder', (text) => {
    expect(problemsOf(aModuleSet('miners', { template: withSpec({ args: [text] }) }))).toEqual([
      expect.stringContaining(
        'spec.template.spec.args[0]: "${" begins no placeholder: close it as in "${name}", or write "$${" for the text itself',
      ),
    ]);
  });

  it('tells each field once, however many instances have it wrong', () => {
    const names = Array.from({ length: 100 }, (_, index) => `m${index}`);
    const set = aModuleSet('miners', {
      instances: instances(...names),
      template: withSpec({ license: 'no' }),
    });
    expect(problemsOf(set)).toEqual([expect.stringContaining('(instance "m0")')]);
  });

  it('never tells what a value is that may be a secret', () => {
    const secret = 'hunter2\n\0';
    const set = aModuleSet('miners', {
      instances: [{ name: 'alice', values: { hotkey: secret, port: 20001 } }],
      template: { spec: { ...TEMPLATE.spec, args: ['${hotkey}${x}'] } },
    });
    expect(problemsOf(set).join()).not.toContain('hunter2');
  });

  it('refuses a name that is too long together with those of its instances', () => {
    const set = aModuleSet('m'.repeat(60));
    expect(problemsOf(set)[0]).toMatch(
      /^set\.yaml:\d+:\d+: spec\.instances\[0\]\.name: .*<set>-<instance>/,
    );
  });

  it('knows an unknown field of the template, and the one that was meant', () => {
    const found = problemsOf(aModuleSet('miners', { template: withSpec({ relicas: 2 }) }));
    expect(found).toEqual([
      expect.stringMatching(
        /spec\.template\.spec\.relicas: unknown field \(did you mean "replicas"\?\)/,
      ),
    ]);
  });

  it('is refused before it is looked at when it would be beyond all reason', () => {
    const long = '${hotkey}'.repeat(3000);
    const args = Array.from({ length: 20 }, () => long);
    const set = aCountedSet('miners', 256, { template: withSpec({ args }) });
    expect(causesOf(() => drafted(set))).toEqual(['spec.template']);
  });
});

it('the example is good', () => {
  const text = readFileSync('manifests/miners.yaml', 'utf8');
  expect(parseDeclared(text, 'miners.yaml').problems).toEqual([]);
});

function causesOf(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    const { details } = error as { details: { causes: { field: string }[] } };
    return details.causes.map(({ field }) => field);
  }
  return [];
}
