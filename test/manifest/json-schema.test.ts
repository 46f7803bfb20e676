import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { readDocuments } from '../../src/lib/yaml.js';
import { publishedSchema, type JsonObject } from '../../src/manifest/json-schema.js';

const FOLDER = join(import.meta.dirname, '../../manifests');
const FILE = join(FOLDER, 'module.schema.json');

const examples = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const valuesOf = (file: string) =>
  readDocuments(readFileSync(join(FOLDER, file), 'utf8')).documents.map(({ value }) => value);

describe('publishedSchema()', () => {
  // No format and no keyword is unknown to a strict validator that was told of none.
  const validate = new Ajv2020({ strict: true }).compile(publishedSchema());

  it('is what the committed file says (vitest -u writes it)', async () => {
    const options = await resolveConfig(FILE);
    const text = JSON.stringify(publishedSchema());
    const formatted = await format(text, { ...options, parser: 'json' });
    await expect(formatted).toMatchFileSnapshot(FILE);
  });

  it.each(examples)('accepts %s without filling in defaults', (file) => {
    for (const value of valuesOf(file)) {
      validate(value);
      expect(validate.errors).toBeNull();
    }
  });

  it.each(examples)('is named in %s', (file) => {
    const [first] = readFileSync(join(FOLDER, file), 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=./module.schema.json');
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
