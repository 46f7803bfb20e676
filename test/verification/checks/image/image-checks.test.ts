import { describe, expect, test } from 'vitest';
import type { ImageSubject } from '../../../../src/verification/subjects.js';
import { resultOf, told } from '../../../helpers/check-results.js';
import { anImageSubject, DIGEST } from '../../../helpers/image-subject.js';

type Image = Partial<ImageSubject['image']>;

const found = async (
  id: string,
  image: Image,
  spec: Record<string, unknown> = {},
  parameters: Record<string, unknown> = {},
) => told(await resultOf(`image/${id}`, { image: anImageSubject(image, spec) }, parameters));

test.each([
  [{}, 'passed'],
  [{ engineArchitecture: 'x86_64' }, 'passed'],
  [{ architecture: 'arm64', engineArchitecture: 'aarch64' }, 'passed'],
  [{ architecture: 'arm64' }, 'The image is for "linux/arm64", the engine runs "linux/amd64"'],
  [{ os: 'windows' }, 'failed'],
  [{ architecture: 'constructor' }, 'failed'],
  [{ os: '' }, 'notVerified'],
  [{ engineArchitecture: '' }, 'notVerified'],
])('image/platform of %j: %s', async (image, expected) => {
  expect(await found('platform', image)).toContain(expected);
});

describe('image/user', () => {
  test.each(['', 'root', '0', '0:0', 'root:staff', '00', '+0', ':1000'])(
    '%j is root',
    async (user) => {
      expect(await found('user', { user })).toMatch(/^failed/);
    },
  );

  test.each(['1000', 'node', '1000:0', 'rooted', '01'])('%j is not', async (user) => {
    expect(await found('user', { user })).toBe('passed');
  });

  test('does not matter when the manifest sets another', async () => {
    const spec = { securityContext: { runAsUser: 1000 } };
    expect(await found('user', { user: '' }, spec)).toMatch(/^notApplicable/);
  });
});

const GIB = 2 ** 30;
test.each([
  [{ bytes: 4 * GIB }, {}, 'passed'],
  [{ bytes: 0 }, {}, 'passed'],
  [{ bytes: 4 * GIB + GIB / 10 }, {}, 'The image has 4.10 GiB, more than 4.00 GiB'],
  [{ bytes: 11 }, { maxBytes: 10 }, 'failed'],
  [{ bytes: Number.NaN }, {}, 'notVerified'],
])('image/size of %j with %j: %s', async (image, parameters, expected) => {
  expect(await found('size', image, {}, parameters)).toContain(expected);
});

const OTHER = `sha256:${'b'.repeat(64)}`;
const pinned = { image: `sample/a:1@${DIGEST}` };
test.each([
  [{}, pinned, 'passed'],
  [{ digest: undefined, id: DIGEST }, pinned, 'passed'],
  [{ digest: OTHER }, pinned, `failed: spec.image: The image has digest "${OTHER}"`],
  [{ digest: undefined }, pinned, 'failed'],
  [{ digest: OTHER }, {}, 'notApplicable'],
  [{ digest: undefined, built: true }, {}, 'notApplicable'],
])('image/pinned-digest of %j for %j: %s', async (image, spec, expected) => {
  expect(await found('pinned-digest', image, spec)).toContain(expected);
});

const SOURCE = 'org.opencontainers.image.source';
const LICENCES = 'org.opencontainers.image.licenses';
const from = (repoUrl: string) => ({ source: { repoUrl } });

describe('image/labels', () => {
  test.each([
    ['https://github.com/a/b', 'https://github.com/a/b.git', 'passed'],
    ['https://github.com/a/b/', 'git@github.com:a/b.git', 'passed'],
    ['git@github.com:a/b', 'ssh://git@GitHub.com/a/b', 'passed'],
    ['git+https://github.com/a/b', 'https://github.com/a/b', 'passed'],
    ['https://example.org:8443/a/b', 'ssh://git@example.org:22/a/b', 'passed'],
    ['https://github.com/a/c', 'https://github.com/a/b', 'failed: spec.source.repoUrl: The image'],
    ['https://github.com.evil/a/b', 'https://github.com/a/b', 'failed'],
    ['', 'https://github.com/a/b', 'notApplicable'],
  ])('source %s for %s: %s', async (label, repoUrl, expected) => {
    expect(await found('labels', { labels: { [SOURCE]: label } }, from(repoUrl))).toContain(
      expected,
    );
  });

  test.each([
    ['MIT', 'passed'],
    ['mit', 'passed'],
    ['GPL-3.0-only', 'failed: spec.license: The image says "GPL-3.0-only"'],
  ])('licence %s for MIT: %s', async (label, expected) => {
    expect(await found('labels', { labels: { [LICENCES]: label } })).toBe(expected);
  });

  test('labels that say nothing of it do not matter, and a login in one is not told', async () => {
    expect(await found('labels', { labels: { maintainer: 'x' } })).toMatch(/^notApplicable/);
    const labels = { [SOURCE]: 'https://user:hunter22@example.org/a' };
    const result = await found('labels', { labels }, from('https://example.org/b'));
    expect(result).toMatch(/^failed/);
    expect(result).not.toContain('hunter22');
  });

  test.each([
    ['ABC', 'abc', 'passed'],
    ['abd', 'abc', 'failed: spec.source.commit: The image says "abd"'],
    ['', 'abc', 'notApplicable'],
    ['abc', undefined, 'notApplicable'],
  ])('revision %j for commit %s: %s', async (label, commit, expected) => {
    const labels = { 'org.opencontainers.image.revision': label };
    const more = commit === undefined ? {} : { commit };
    const image = anImageSubject({ labels }, {}, more);
    expect(told(await resultOf('image/revision', { image }))).toContain(expected);
  });
});

const nothing = { entrypoint: [], command: [] };
test.each([
  [{ entrypoint: ['a'], command: [] }, {}, 'passed'],
  [{ entrypoint: [], command: ['a'] }, {}, 'passed'],
  [nothing, { command: ['a'] }, 'passed'],
  [nothing, { args: ['a'] }, 'passed'],
  [nothing, {}, 'failed: spec.command'],
])('image/entry-point of %j with %j: %s', async (image, spec, expected) => {
  expect(await found('entry-point', image, spec)).toContain(expected);
});

const ports = [
  { name: 'a', containerPort: 80 },
  { name: 'b', containerPort: 53, protocol: 'UDP' },
];
test.each([
  [['80/tcp', '53/udp'], 'passed'],
  [['80'], 'passed'],
  [['53/tcp'], 'failed: spec.ports: "53/tcp" is not named'],
  [['\u001B[2J'], 'failed: spec.ports: "?[2J" is not named'],
  [[], 'notApplicable'],
])('image/exposed-ports of %j: %s', async (exposedPorts, expected) => {
  expect(await found('exposed-ports', { exposedPorts }, { ports })).toContain(expected);
});

const probe = { healthCheck: { tcp: { port: 80 } } };
test.each([
  [true, {}, 'passed'],
  [false, probe, 'passed'],
  [false, {}, 'failed: spec.healthCheck'],
])('image/health-check with one in the image: %s, and %j: %s', async (has, spec, expected) => {
  expect(await found('health-check', { hasHealthCheck: has }, spec)).toContain(expected);
});

const mounted = {
  volumes: [{ name: 'a', mountPath: '/var/lib/a' }],
  securityContext: { writablePaths: ['/cache'] },
};
test.each([
  [['/var/lib/a/', '/cache', '/tmp'], 'passed'],
  [['/var/lib/a/b'], 'failed: spec.volumes: Nothing is mounted at "/var/lib/a/b"'],
  [['/var/lib'], 'failed'],
  [[], 'notApplicable'],
])('image/volumes of %j: %s', async (volumes, expected) => {
  expect(await found('volumes', { volumes }, mounted)).toContain(expected);
});

const TOKEN = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const words = (count: number): string => Array.from({ length: count }, () => 'abandon').join(' ');

describe('secrets of an image', () => {
  test.each([
    [{ env: [`A=${TOKEN}`] }, 'The environment of the image has a token of GitHub in it'],
    [{ env: [TOKEN] }, 'environment'],
    [{ command: ['sh', '-c', `curl -H ${TOKEN}`] }, 'The command of the image'],
    [{ entrypoint: [`--token=${TOKEN}`] }, 'The entry point of the image'],
    [{ labels: { url: `https://user:${TOKEN}@example.org` } }, 'The labels of the image'],
    [{ env: [`SEED=${words(12)}`] }, 'twelve or more words'],
    [{ env: ['KEY={"secretPhrase":"x"}'] }, 'the key file of a wallet'],
  ])('image/known-tokens in %j is found and never told', async (image, expected) => {
    const result = await found('known-tokens', image);
    expect(result).toMatch(/^failed/);
    expect(result).toContain(expected);
    expect(result).not.toMatch(/a1B2|abandon/);
  });

  test.each([
    { env: ['PATH=/usr/bin', 'PYTHON_SHA256=9f3a1c7e2b8d4056', 'EMPTY', ''] },
    { labels: { description: words(20) } },
  ])('image/known-tokens finds none in %j', async (image) => {
    expect(await found('known-tokens', image)).toBe('passed');
  });

  test.each([
    ['API_KEY=canary8seven', 'failed: undefined: Variable "API_KEY" is named'],
    ['x y_TOKEN=canary8seven', 'failed: undefined: A variable is named'],
    ['DB_PASSWORD=a=canary8', 'failed'],
    ['API_KEY=', 'passed'],
    ['API_KEY', 'passed'],
    ['GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305', 'passed'],
    ['KEY_FILE=/run/key', 'passed'],
  ])('image/secret-env of %j: %s', async (variable, expected) => {
    const result = await found('secret-env', { env: [variable] });
    expect(result).toContain(expected);
    expect(result).not.toContain('canary');
  });
});
