import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDeclared } from '../../src/kinds/declared.js';
import type { PolicySpec } from '../../src/model/policy.js';
import { checkOf } from '../../src/verification/checks.js';
import { settingsOf } from '../../src/verification/settings.js';

const FILE = 'config/policy.yaml';

/** The policy that the file declares, and nothing else. */
function sample(): PolicySpec {
  const { manifests, problems } = parseDeclared(readFileSync(FILE, 'utf8'), FILE);
  expect(problems).toEqual([]);
  const [policy, ...others] = manifests.map(({ manifest }) => manifest);
  if (policy?.kind !== 'Policy' || others.length > 0) throw new Error('Expected one policy');
  expect(policy.metadata.name).toBe('default');
  return policy.spec;
}

describe('config/policy.yaml', () => {
  it('is for what no other policy selects', () => {
    expect(sample()).toMatchObject({ priority: -1000, selector: {}, signers: [] });
  });

  it('shows checks with the settings that they have by themselves', () => {
    const { checks } = sample();
    expect(checks.length).toBeGreaterThan(3);
    expect(settingsOf('default', { checks })).toEqual(settingsOf('default', { checks: [] }));
  });

  it('shows every parameter of the checks that it shows', () => {
    for (const { id, parameters = {} } of sample().checks) {
      const known = Object.keys(checkOf(id)?.parameters?.properties ?? {});
      expect([id, Object.keys(parameters)]).toEqual([id, known]);
    }
  });
});
