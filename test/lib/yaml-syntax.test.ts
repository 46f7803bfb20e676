import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/lib/yaml-syntax.js';

describe('parseYaml()', () => {
  it('takes no stack of an error, of which a text can have one per byte', () => {
    const [document] = parseYaml(`[${','.repeat(1000)}]`).documents;
    expect(document?.errors.length).toBeGreaterThan(900);
    for (const error of document?.errors ?? []) expect(error.stack).not.toContain('\n    at ');
  });

  it('leaves the stacks of other errors as they are', () => {
    parseYaml('a: [');
    expect(new Error('Elsewhere').stack).toContain('\n    at ');
  });
});
