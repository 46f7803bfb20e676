import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../../src/lib/yaml.js';
import { PUBLISHED_KINDS, publishedSchema } from '../../src/manifest/json-schema.js';
import type { JsonObject, PublishedKind } from '../../src/manifest/json-schema.js';

const FOLDER = join(import.meta.dirname, '../../manifests');

const examples = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const valuesOf = (file: string) =>
  readDocuments(readFileSync(join(FOLDER, file), 'utf8')).documents.map(({ value }) => value);

const FILES = { Module: 'module.schema.json', ModuleSet: 'module-set.schema.json' } as const;
const fileFor = (file: string): string => {
  const [value] = valuesOf(file) as [{ kind: PublishedKind }];
  return FILES[value.kind];
};

describe('publishedSchema()', () => {
  // No format and no keyword is unknown to a strict validator that was told of none.
  const validator = (kind: PublishedKind) =>
    new Ajv2020({ strict: true }).compile(publishedSchema(kind));
  const validate = validator('Module');

  it.each(PUBLISHED_KINDS)(
    'is what the committed file of %s says (vitest -u writes it)',
    async (kind) => {
      const file = join(FOLDER, FILES[kind]);
      const options = await resolveConfig(file);
      const text = JSON.stringify(publishedSchema(kind));
      const formatted = await format(text, { ...options, parser: 'json' });
      await expect(formatted).toMatchFileSnapshot(file);
    },
  );

  it.each(examples)('accepts %s without filling in defaults', (file) => {
    for (const value of valuesOf(file)) {
      const check = validator((value as { kind: PublishedKind }).kind);
      check(value);
      expect(check.errors).toBeNull();
    }
  });

  it.each(examples)('is named in %s', (file) => {
    const [first] = readFileSync(join(FOLDER, file), 'utf8').split('\n');
    expect(first).toBe(`# yaml-language-server: $schema=./${fileFor(file)}`);
  });

  it('refuses an unknown field and a missing one', () => {
    const [minimal] = valuesOf('minimal.yaml') as [{ spec: object }];
    expect(validate({ ...minimal, spec: { ...minimal.spec, replicaz: 1 } })).toBe(false);
    const { spec: _left, ...rest } = minimal;
    expect(validate(rest)).toBe(false);
  });

  it('requires nothing that has a default', () => {
    const { properties } = publishedSchema() as { properties: { spec: JsonObject } };
    expect(properties.spec.required).toEqual(['version', 'type', 'license']);
  });

  it('leaves the schema that validates as it is', () => {
    expect(publishedSchema()).toEqual(publishedSchema());
    expect(JSON.stringify(publishedSchema())).not.toMatch(/x-expected|"format"|~kind/);
  });
});
