import { randomBytes } from 'node:crypto';
import type { ImageDetails } from '../../src/model/container.js';

/** An image of the engine in memory, new unless `known` says which. */
export function imageWith(known: Partial<ImageDetails>): ImageDetails {
  return {
    ...{ id: `sha256:${randomBytes(32).toString('hex')}`, digest: undefined, user: '' },
    ...{ os: 'linux', architecture: 'amd64', bytes: 4096, labels: {}, hasHealthCheck: false },
    ...{ exposedPorts: [], entrypoint: [], command: ['serve'], env: [], volumes: [] },
    createdAt: '2026-01-01T00:00:00Z',
    ...known,
  };
}
