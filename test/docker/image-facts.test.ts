import { describe, expect, test } from 'vitest';
import { imageDetailsOf, imageFactsOf } from '../../src/docker/image-facts.js';

const ID = `sha256:${'a'.repeat(64)}`;
const DIGEST = `sha256:${'b'.repeat(64)}`;

const INSPECTED = {
  Id: ID,
  RepoDigests: [`example.org/other@sha256:${'c'.repeat(64)}`, `ghcr.io/example/web@${DIGEST}`],
  Os: 'linux',
  Architecture: 'arm64',
  Size: 123,
  Created: '2026-01-02T03:04:05.678901234Z',
  Config: {
    User: 'app',
    Labels: { a: 'b', odd: 7 },
    ExposedPorts: { '8091/tcp': {} },
    Entrypoint: ['/run', ''],
    Cmd: ['--all'],
    Env: ['PATH=/bin', 'EMPTY='],
    Volumes: { '/data': {} },
    Healthcheck: { Test: ['CMD', 'true'] },
  },
};

describe('what an inspection of an image tells', () => {
  test('is taken over in full', () => {
    expect(imageDetailsOf(INSPECTED, 'ghcr.io/example/web:1')).toEqual({
      ...{ id: ID, digest: DIGEST, user: 'app', os: 'linux', architecture: 'arm64', bytes: 123 },
      ...{ labels: { a: 'b' }, exposedPorts: ['8091/tcp'], entrypoint: ['/run', ''] },
      ...{ command: ['--all'], env: ['PATH=/bin', 'EMPTY='], volumes: ['/data'] },
      ...{ hasHealthCheck: true, createdAt: '2026-01-02T03:04:05Z' },
    });
  });

  test('has the digest of the repository that was asked for, and any for an id', () => {
    expect(imageFactsOf(INSPECTED, `ghcr.io/example/web@${DIGEST}`)?.digest).toBe(DIGEST);
    expect(imageFactsOf({ ...INSPECTED, RepoDigests: [`a/web@${DIGEST}`] }, ID)?.digest).toBe(
      DIGEST,
    );
    expect(imageFactsOf(INSPECTED, 'ghcr.io/example/none:1')?.digest).toBeUndefined();
  });

  test('may be little: absent fields are empty', () => {
    for (const Config of [undefined, null, {}, [], 'x', { Labels: null, Env: null, Cmd: null }]) {
      expect(imageDetailsOf({ Id: ID, Config }, 'web:1')).toEqual({
        ...{ id: ID, digest: undefined, user: '', os: '', architecture: '', bytes: 0, labels: {} },
        ...{ exposedPorts: [], entrypoint: [], command: [], env: [], volumes: [] },
        ...{ hasHealthCheck: false, createdAt: '1970-01-01T00:00:00Z' },
      });
    }
  });

  test('may be nonsense: it is believed in nothing', () => {
    const Config = { Labels: 'x', ExposedPorts: [], Entrypoint: 'sh', Cmd: [1, {}], Env: [null] };
    const odd = { Id: ID, Os: 5, Size: '9', Created: 'never', RepoDigests: 'x', Config };
    expect(imageDetailsOf(odd, 'web:1')).toMatchObject({
      ...{ os: '', bytes: 0, labels: {}, exposedPorts: [], entrypoint: [], command: [], env: [] },
    });
    for (const bad of [undefined, null, [], 'x', {}, { Id: 'sha256:../..' }, { Id: 5 }]) {
      expect(imageDetailsOf(bad, 'web:1')).toBeUndefined();
      expect(imageFactsOf(bad, 'web:1')).toBeUndefined();
    }
  });

  test('a health check that is switched off is none', () => {
    const off = { ...INSPECTED, Config: { Healthcheck: { Test: ['NONE'] } } };
    expect(imageDetailsOf(off, 'web:1')?.hasHealthCheck).toBe(false);
  });

  test('is INVALID when it is too much to be looked at, rather than half of it', () => {
    const Config = { Env: [`A=${'x'.repeat(1024 * 1024)}`] };
    const read = (): unknown => imageDetailsOf({ ...INSPECTED, Config }, 'web:1');
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID' }) as Error);
    expect(imageFactsOf({ ...INSPECTED, Config }, 'web:1')?.id).toBe(ID);
  });
});
