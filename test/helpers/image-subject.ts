import type { ImageSubject } from '../../src/verification/subjects.js';
import { aManifest } from './check-results.js';

export const DIGEST = `sha256:${'a'.repeat(64)}`;

/** An image that nothing is wrong with. */
export function anImage(overrides: Partial<ImageSubject['image']> = {}): ImageSubject['image'] {
  return {
    ...{ reference: 'sample/a:1', id: `sha256:${'1'.repeat(64)}`, digest: DIGEST, built: false },
    ...{ os: 'linux', architecture: 'amd64', engineOs: 'linux', engineArchitecture: 'amd64' },
    ...{ user: '1000', bytes: 1000, labels: {}, exposedPorts: [], entrypoint: ['run'] },
    ...{ command: [], env: ['PATH=/bin'], volumes: [], hasHealthCheck: true },
    ...{ createdAt: '2026-01-01T00:00:00Z', ...overrides },
  };
}

/** What checks of an image look at. */
export function anImageSubject(
  image: Partial<ImageSubject['image']> = {},
  spec: Record<string, unknown> = {},
  more: Partial<Pick<ImageSubject, 'commit' | 'signatures'>> = {},
): ImageSubject {
  return { manifest: aManifest(spec), image: anImage(image), ...more };
}
