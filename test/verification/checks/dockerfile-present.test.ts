import { expect, test } from 'vitest';
import { DOCKERFILE_CHECKS } from '../../../src/verification/checks/dockerfile/checks.js';
import { aManifest } from '../../helpers/builders.js';
import { checkTree, findings } from '../../helpers/trees.js';
import type { Standing } from '../../helpers/trees.js';

const SOURCE = {
  ...{ repoUrl: 'https://example.org/a.git', branch: 'main', commit: '' },
  ...{ path: 'miner', dockerfile: 'Dockerfile' },
};
const BUILT = aManifest('web', { image: '', source: SOURCE });
const BIG = '#'.repeat(300 * 1024);

const present = (standing: Record<string, Standing>, manifest = BUILT): Promise<string[]> =>
  findings('dockerfile/present', standing, { manifest });

test('there is a Dockerfile where the manifest says', async () => {
  expect(await present({ 'miner/Dockerfile': 'FROM scratch' })).toEqual(['passed']);
  expect(await present({ 'miner/Dockerfile': '# FROM scratch' })).toEqual([
    'miner/Dockerfile: No FROM says what it begins with',
  ]);
});

test.each<[string, Record<string, Standing>]>([
  ['nothing', {}],
  ['one elsewhere', { Dockerfile: 'FROM scratch' }],
  ['a link', { 'miner/Dockerfile': { target: '../Dockerfile' }, Dockerfile: 'FROM scratch' }],
  ['a folder', { 'miner/Dockerfile/a': 'FROM scratch' }],
])('%s is none', async (_what, standing) => {
  expect(await present(standing)).toEqual([': "miner/Dockerfile" is no file']);
});

test('an image that is run needs none', async () => {
  const manifest = aManifest('web', { image: 'a:1', source: SOURCE });
  expect(await present({}, manifest)).toEqual([
    'notApplicable: Nothing is built: spec.image is run',
  ]);
});

test('one that is too long is judged by no check, and blocks as such', async () => {
  const rest = DOCKERFILE_CHECKS.filter(({ id }) => id !== 'dockerfile/present');
  expect(rest.length).toBeGreaterThan(60);
  for (const { id } of rest) {
    const result = await checkTree(id, { 'miner/Dockerfile': BIG }, { manifest: BUILT });
    expect(result, id).toMatchObject({
      result: 'notVerified',
      reason: 'The Dockerfile cannot be judged: It is longer than 256 KiB',
    });
  }
});

test('the default of the health check is that of the manifest', async () => {
  const healthCheck = {
    ...{ tcp: { port: 80 }, intervalSeconds: 10, timeoutSeconds: 5, retries: 3 },
    startPeriodSeconds: 0,
  };
  const manifest = aManifest('web', { image: '', source: SOURCE, healthCheck });
  const looked = await findings(
    'dockerfile/health-set',
    { 'miner/Dockerfile': 'FROM scratch' },
    { manifest },
  );
  expect(looked).toEqual(['notApplicable: The manifest has a health check']);
});

test('a finding says where it is, and no secret', async () => {
  const text = 'FROM scratch\nENV DB_PASSWORD=hunter22\nRUN curl -u a:hunter22 https://b.example';
  for (const id of ['dockerfile/secret-in-env', 'dockerfile/secret-in-run']) {
    const result = await checkTree(id, { 'miner/Dockerfile': text }, { manifest: BUILT });
    expect(result.problems).toMatchObject([{ file: 'miner/Dockerfile', line: expect.any(Number) }]);
    expect(JSON.stringify(result)).not.toContain('hunter22');
  }
});
