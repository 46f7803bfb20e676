import { expect, it } from 'vitest';
import { decidingPolicy } from '../../src/verification/deciding-policy.js';
import { aBuilt } from '../helpers/built.js';

const policy = (...repositories: string[]) => ({
  metadata: { name: 'own' },
  spec: { description: '', priority: 0, selector: { repositories }, checks: [], signers: [] },
});

const OWN = policy('https://r.example/own/*', 'git@r.example:own/*');

function isSelected(repoUrl: string): boolean {
  const { spec, ...rest } = aBuilt();
  const source = { repoUrl, branch: 'main', commit: '', path: '.', dockerfile: 'Dockerfile' };
  return decidingPolicy({ ...rest, spec: { ...spec, source } }, [OWN]) !== undefined;
}

it.each([
  ['https://r.example/own/a.git', true],
  ['https://R.example:443/own/a.git', true],
  ['https://r.example/own/../own/a.git', true],
  ['git@r.example:own/a.git', true],
  ['https://r.example/other/a.git', false],
  ['https://r.example/own/../other/a.git', false],
  ['https://r.example/own/%2e%2e/other/a.git', false],
  ['git@r.example:own/../other/a.git', false],
])('a policy for repositories takes %s for what is fetched there', (repoUrl, selected) => {
  expect(isSelected(repoUrl)).toBe(selected);
});
