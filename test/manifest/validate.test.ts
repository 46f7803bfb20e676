import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { validateModule, type ValidateOptions } from '../../src/manifest/validate.js';
import { isRegistrarError, type RegistrarError } from '../../src/model/errors.js';
import { arbitraryManifest } from '../helpers/arbitrary-manifest.js';
import { aManifest, aSpec } from '../helpers/builders.js';

function refusal(input: unknown, options?: ValidateOptions): RegistrarError {
  try {
    validateModule(input, options);
  } catch (error) {
    if (isRegistrarError(error)) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

const minimal = {
  apiVersion: 'registrar.synapsis.network/v1',
  kind: 'Module',
  metadata: { name: 'demo' },
  spec: { version: '1.0.0', type: 'miner', license: 'MIT', image: 'sample:1' },
};
const withSpec = (spec: object) => ({ ...minimal, spec: { ...minimal.spec, ...spec } });

describe('validateModule()', () => {
  it('fills in every default', () => {
    expect(validateModule(minimal)).toEqual({ manifest: aManifest('demo'), warnings: [] });
    const { manifest } = validateModule(withSpec({ source: { repoUrl: 'https://a.example/b' } }));
    expect(manifest.spec.source).toEqual({
      repoUrl: 'https://a.example/b',
      branch: 'main',
      commit: '',
      path: '.',
      dockerfile: 'Dockerfile',
    });
  });

  it('gives each manifest defaults of its own', () => {
    validateModule(minimal).manifest.spec.command.push('changed');
    expect(validateModule(minimal).manifest.spec).toEqual(aSpec({ image: 'sample:1' }));
  });

  it('drops the status, whatever is in it', () => {
    const { manifest } = validateModule({ ...minimal, status: { phase: 5, bell: '\u0007' } });
    expect(manifest).toEqual(aManifest('demo'));
  });

  test.prop([arbitraryManifest])('leaves its input as it is', (input) => {
    const before = JSON.stringify(input);
    validateModule(input);
    expect(JSON.stringify(input)).toBe(before);
  });

  test.prop([arbitraryManifest])('finds nothing more to do on its own output', (input) => {
    const { manifest } = validateModule(input);
    expect(validateModule(manifest).manifest).toEqual(manifest);
  });

  test.prop([fc.jsonValue()])('accepts or refuses any JSON, in words', (input) => {
    expect(refusal(input).code).toBe('BAD_REQUEST');
  });

  const fields = fc.constantFrom(...Object.keys(aSpec()), 'source', 'healthCheck', 'progressCheck');
  test.prop([fc.dictionary(fields, fc.jsonValue({ maxDepth: 3 }))])(
    'accepts or refuses any spec, in words',
    (spec) => {
      try {
        validateModule(withSpec(spec));
      } catch (error) {
        expect(isRegistrarError(error, 'BAD_REQUEST', 'INVALID')).toBe(true);
      }
    },
  );
});

describe('validateModule() refuses', () => {
  it.each([
    [null, 'Not a Module: expected object, found null'],
    [[], 'Not a Module: expected object, found array'],
    ['text', 'Not a Module: expected object, found string "text"'],
    [
      {},
      'Not a Module: apiVersion: required value is missing, expected "registrar.synapsis.network/v1", ' +
        'kind: required value is missing, expected "Module"',
    ],
    [{ ...minimal, kind: 'Pod' }, 'Not a Module: kind: expected "Module", found "Pod"'],
    [
      { ...minimal, metadata: JSON.parse('{"name":"demo","__proto__":{"a":1}}') as unknown },
      'Not a Module: metadata.__proto__: key "__proto__" is not allowed',
    ],
  ])('%j', (input, message) => {
    const { code, message: found } = refusal(input);
    expect({ code, found }).toEqual({ code: 'BAD_REQUEST', found: message });
  });

  it('what is nested too deeply', () => {
    const deep = Array.from({ length: 10_000 }).reduce<unknown>((inner) => [inner], 1);
    expect(refusal(withSpec({ command: deep })).message).toContain('nested deeper than 64 levels');
  });

  it('one wrong value, as Kubernetes words it', () => {
    const { code, message, details } = refusal({
      ...minimal,
      spec: { ...minimal.spec, image: '' },
    });
    const cause =
      'Required value: there is nothing to run: set spec.image, or spec.source to build from';
    expect(code).toBe('INVALID');
    expect(message).toBe(
      `Module.registrar.synapsis.network "demo" is invalid: spec.image: ${cause}`,
    );
    expect(details).toEqual({
      name: 'demo',
      kind: 'Module',
      causes: [{ field: 'spec.image', message: cause, reason: 'FieldValueRequired' }],
    });
  });

  it('several wrong values, with a cause each', () => {
    const { message, details } = refusal({
      ...minimal,
      metadata: { name: 'Bad_Name' },
      spec: {
        ...{ version: '1.0.0', type: 'gardener', license: 'MIT', image: 'sample:1', replicas: -1 },
        env: [{ value: 5 }],
        volumes: [
          { name: 'a', mountPath: '/a' },
          { name: 'a', mountPath: '/b', hostPath: '/tmp/docker.sock' },
        ],
      },
    });
    expect(message).toMatch(
      /^Module\.registrar\.synapsis\.network "Bad_Name" is invalid: \[metadata\.name: .*, spec\..*\]$/,
    );
    expect(
      details.causes?.map(({ field, message: text, reason }) => `${reason} ${field}: ${text}`),
    ).toEqual([
      'FieldValueInvalid metadata.name: Invalid value: "Bad_Name": expected lower-case letters, digits and "-", with a letter or digit at both ends',
      'FieldValueNotSupported spec.type: Unsupported value: "gardener": expected one of "validator", "miner", "observer", "inference", "storage"',
      'FieldValueInvalid spec.replicas: Invalid value: -1: expected 0 to 100',
      'FieldValueRequired spec.env[0].name: Required value',
      'FieldValueTypeInvalid spec.env[0].value: Invalid value: expected string in quotes',
      'FieldValueDuplicate spec.volumes[1].name: Duplicate value: "a": expected another value than that of spec.volumes[0].name',
      'FieldValueForbidden spec.volumes[1].hostPath: Forbidden: who has the socket of the engine owns the host: it is never given',
    ]);
  });

  it('thousands of wrong values without telling them all', () => {
    const { details, message } = refusal(withSpec({ command: Array(10_000).fill(5) }));
    expect(details.causes).toHaveLength(100);
    expect(message.length).toBeLessThan(10_000);
  });

  it('thousands of unknown fields without telling them all', () => {
    const fields = Array.from({ length: 10_000 }, (_, index) => [`replica${index}`, 1]);
    const { message } = refusal(withSpec(Object.fromEntries(fields) as object));
    expect(message.length).toBeLessThan(10_000);
  });

  it.each([
    ['an endless list', { command: Array(300_000).fill(5) }],
    ['endless fields', Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`f${i}`, 1]))],
  ])('%s without looking at it', (_what, spec) => {
    expect(refusal(withSpec(spec as object)).message).toBe(
      'Not a Module: expected at most 20000 values in all',
    );
  });

  it('a name of a megabyte in a short sentence', () => {
    const long = 'x'.repeat(1024 * 1024);
    const labels = { [long]: 'y' };
    const { message } = refusal({ ...minimal, metadata: { name: long, labels } });
    expect(message.length).toBeLessThan(2_000);
  });

  it.each([
    { env: [{ name: 'KEY', value: 20261123 }] },
    { env: { KEY: 'hunter2-20261123' } },
    { env: ['hunter2-20261123'] },
    { env: 'KEY=hunter2-20261123' },
    { env: [{ name: 'KEY', value: 'hunter2-20261123\u0000' }] },
    { env: [{ name: 'KEY', valu: 'hunter2-20261123' }] },
    { command: ['run', { token: 'hunter2-20261123' }] },
    { args: [20261123] },
    { args: 'hunter2-20261123' },
    { healthCheck: { exec: { command: 'curl -H hunter2-20261123' } } },
  ])('%j without telling what may be a secret', (spec) => {
    const { message, details } = refusal(withSpec(spec));
    expect(JSON.stringify([message, details])).not.toContain('20261123');
  });
});

describe('validateModule() and unknown fields', () => {
  const typo = {
    ...withSpec({ replicaz: 2, ports: [{ name: 'a', containerPort: 80, hots: 1 }], x: null }),
    metadata: { name: 'demo', colour: 'red' },
  };
  const named = [
    'unknown field "metadata.colour"',
    'unknown field "spec.replicaz" (did you mean "replicas"?)',
    'unknown field "spec.x"',
    'unknown field "spec.ports[0].hots"',
  ];

  it('refuses them by default, in the words that kubectl users know', () => {
    const { code, message } = refusal(typo);
    expect(code).toBe('BAD_REQUEST');
    expect(message).toBe(
      `Module in version "v1" cannot be handled as a Module: strict decoding error: ${named.join(', ')}`,
    );
    expect(refusal(typo, { unknownFields: 'strict' }).message).toBe(message);
  });

  it('drops them with a warning each under warn, without one under ignore', () => {
    const manifest = aManifest('demo', {
      ports: [{ name: 'a', containerPort: 80, hostIp: '127.0.0.1', protocol: 'TCP' }],
    });
    expect(validateModule(typo, { unknownFields: 'warn' })).toEqual({ manifest, warnings: named });
    expect(validateModule(typo, { unknownFields: 'ignore' })).toEqual({ manifest, warnings: [] });
  });

  it('still tells wrong values beside them', () => {
    const both = withSpec({ replicaz: 2, replicas: -1 });
    expect(refusal(both, { unknownFields: 'ignore' }).code).toBe('INVALID');
    expect(refusal(both).code).toBe('BAD_REQUEST');
  });
});
