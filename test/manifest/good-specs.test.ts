import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../src/lib/merge-patch.js';
import type { JsonObject } from '../../src/lib/merge-patch.js';
import { MODULE_CHECKS } from '../../src/manifest/check.js';
import { GoodSpecs, MAX_VALUES } from '../../src/manifest/good-specs.js';
import { MODULE_RULES } from '../../src/manifest/rules.js';
import { validateChange, validateObject } from '../../src/manifest/validate.js';
import { ModuleSchema } from '../../src/model/module.js';
import type { ModuleManifest } from '../../src/model/module.js';
import { arbitraryManifest } from '../helpers/arbitrary-manifest.js';
import { aManifest } from '../helpers/builders.js';

/** What a check comes to: the manifest and the warnings, or the refusal. */
function outcomeOf(check: () => { manifest: unknown; warnings: readonly string[] }): unknown {
  try {
    return check();
  } catch (refusal) {
    return { refusal: JSON.parse(JSON.stringify(refusal)) as unknown, text: String(refusal) };
  }
}

/** A spec that was found good in MODULE_CHECKS. */
const goodSpec = (manifest: object): object =>
  validateChange(manifest as JsonObject, MODULE_CHECKS, { previous: undefined }).manifest.spec;

const FULL = aManifest('demo', {
  ...{ replicas: 1, image: 'sample:1' },
  env: [{ name: 'A', value: 'x' }],
  ports: [
    { name: 'p', containerPort: 80, hostPort: 8080, hostIp: '127.0.0.1', protocol: 'TCP' },
    { name: 'q', containerPort: 81, hostPort: 8081, hostIp: '127.0.0.1', protocol: 'TCP' },
  ],
  volumes: [{ name: 'v', mountPath: '/data', readOnly: false }],
});

const PATCHES: readonly (readonly [string, object])[] = [
  ['nothing', {}],
  ['a text', { spec: { description: 'other' } }],
  ['a wrong type', { spec: { replicas: 'two' } }],
  ['a wrong version', { spec: { version: 'v1' } }],
  ['an unknown field', { spec: { replica: 2 } }],
  ['an unknown field deep inside', { spec: { resources: { memori: '1Gi' } } }],
  ['a field beside the spec', { specs: {} }],
  ['a hidden character', { spec: { author: 'a\u202eb' } }],
  ['an unsafe key', { spec: JSON.parse('{"__proto__": {"a": 1}}') as object }],
  ['a required field that goes', { spec: { version: null } }],
  ['a field with a default that goes', { spec: { resources: null } }],
  ['a part with a default that goes', { spec: { resources: { pids: null } } }],
  ['a rule about two fields, by one of them', { spec: { replicas: 2 } }],
  ['neither an image nor a source', { spec: { image: '' } }],
  ['a clash with what stays', { spec: { securityContext: { writablePaths: ['/data'] } } }],
  ['a wrong label', { metadata: { labels: { 'a b': 'x' } } }],
  ['a wrong name', { metadata: { name: 'X' } }],
  ['a reserved annotation', { metadata: { annotations: { 'registrar.synapsis.network/x': '' } } }],
  ['another kind', { kind: 'Policy' }],
  ['a spec that is none', { spec: [] }],
];

describe('validateChange()', () => {
  it.each(PATCHES)('finds the same as a look at the whole: %s', (_what, patch) => {
    const input = mergePatch(FULL, patch) as JsonObject;
    for (const unknownFields of ['strict', 'warn', 'ignore'] as const) {
      const options = { unknownFields, previous: goodSpec(FULL) };
      const whole = outcomeOf(() => validateObject(input, MODULE_CHECKS, { unknownFields }));
      expect(outcomeOf(() => validateChange(input, MODULE_CHECKS, options))).toEqual(whole);
    }
  });

  test.prop([arbitraryManifest, arbitraryManifest, fc.jsonValue()])(
    'finds the same as a look at the whole, from any manifest to any other',
    (before, after, spec) => {
      const previous = goodSpec(before);
      const one = { ...before, spec: { ...before.spec, ...after.spec } };
      for (const input of [after, one, mergePatch(after, { spec })] as JsonObject[]) {
        const whole = outcomeOf(() => validateObject(input, MODULE_CHECKS));
        expect(outcomeOf(() => validateChange(input, MODULE_CHECKS, { previous }))).toEqual(whole);
      }
    },
  );
});

describe('GoodSpecs', () => {
  it('shares what stays, and knows the changed spec for the next change', () => {
    const specs = new GoodSpecs(ModuleSchema, MODULE_RULES);
    let spec = specs.remember(FULL.spec, undefined) as ModuleManifest['spec'];
    for (const description of ['one', 'two']) {
      const input = mergePatch({ ...FULL, spec }, { spec: { description } }) as JsonObject;
      const accepted = specs.accept(input, spec) as ModuleManifest;
      expect(accepted.spec).toEqual({ ...FULL.spec, description });
      expect(accepted.spec.ports).toBe(spec.ports);
      spec = accepted.spec;
    }
  });

  it('knows nothing of a spec that was not found good, and of one that grows too large', () => {
    const specs = new GoodSpecs(ModuleSchema, MODULE_RULES);
    expect(specs.accept({ ...FULL }, FULL.spec)).toBeUndefined();
    const spec = specs.remember(FULL.spec, undefined);
    const args = Array.from({ length: 200 }, () => 'x');
    const isKnown = Array.from({ length: MAX_VALUES / 200 + 1 }).map((_, index) => {
      const input = { ...FULL, spec: { ...FULL.spec, args: [...args, String(index)] } };
      return specs.accept(input, spec) !== undefined;
    });
    expect(isKnown.every(Boolean)).toBe(true);
    const long = Array.from({ length: MAX_VALUES }, () => 'x');
    const input = { ...FULL, spec: { ...FULL.spec, args: long } };
    expect(specs.accept(input, spec)).toBeUndefined();
  });
});

describe('MODULE_RULES', () => {
  test.prop([arbitraryManifest])('read no fields but those that they name', (input) => {
    const manifest = validateObject(input, MODULE_CHECKS).manifest as ModuleManifest;
    for (const { reads, find } of MODULE_RULES) {
      const seen = new Set<string>();
      find(watched(manifest, seen));
      expect(reads).toEqual(expect.arrayContaining([...seen]));
    }
  });
});

/** A manifest that notes which fields of its parts are looked at. */
function watched(manifest: ModuleManifest, seen: Set<string>): ModuleManifest {
  const partOf = <T extends object>(part: string, value: T): T =>
    new Proxy(value, {
      get: (target, field) => {
        seen.add(`${part}.${String(field)}`);
        return Reflect.get(target, field) as unknown;
      },
      ownKeys: () => {
        throw new Error(`A rule looks at all of ${part}`);
      },
    });
  return {
    ...manifest,
    metadata: partOf('metadata', manifest.metadata),
    spec: partOf('spec', manifest.spec),
  };
}
