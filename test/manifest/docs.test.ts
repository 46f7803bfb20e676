import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parseDeclared } from '../../src/kinds/declared.js';
import { ModuleSchema } from '../../src/model/module.js';
import { fieldTable, type Schema } from '../helpers/field-rows.js';

const FILE = join(import.meta.dirname, '../../docs/manifest.md');
const doc = readFileSync(FILE, 'utf8');
const { properties } = ModuleSchema as unknown as { properties: Record<string, Schema> };

/** What is to stand between the marker and the next end marker. */
function section(marker: string, content: string) {
  return (text: string): string =>
    text.replace(
      new RegExp(`(<!-- ${marker} -->\n)[^]*?(<!-- end -->)`),
      (_all, begin: string, end: string) => `${begin}\n${content}\n\n${end}`,
    );
}

describe('docs/manifest.md', () => {
  it('tells every field with its type, limits, default and meaning (vitest -u writes them)', async () => {
    const sections = ['metadata', 'spec', 'status'].map((part) =>
      section(`fields ${part}`, fieldTable(part, properties[part] ?? {})),
    );
    const text = sections.reduce((before, fill) => fill(before), doc);
    const options = await resolveConfig(FILE);
    await expect(await format(text, { ...options, parser: 'markdown' })).toMatchFileSnapshot(FILE);
  });

  it.each(['spec.image', 'spec.ports[].hostPort', 'metadata.name', 'status.conditions[].reason'])(
    'has a row for %s',
    (path) => {
      expect(doc).toMatch(new RegExp(`^\\| \`${path.replaceAll(/[.[\]]/g, '\\$&')}\` +\\|`, 'm'));
    },
  );

  it('leaves no field without a meaning', () => {
    const rows = doc.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
    expect(rows.length).toBeGreaterThan(100);
  });

  it('has an example that is a good manifest', () => {
    const [, example = ''] = /```yaml\n(apiVersion[^]*?)```/.exec(doc) ?? [];
    expect(parseDeclared(example, 'x')).toMatchObject({ manifests: [{ line: 1 }], problems: [] });
  });
});
