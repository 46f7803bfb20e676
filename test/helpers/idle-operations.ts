import { Readable } from 'node:stream';
import type { ModuleOperations } from '../../src/controller/operations.js';
import { RegistrarError } from '../../src/model/errors.js';

/** A controller with nothing to tell. */
export const IDLE: ModuleOperations = {
  preview: async () => ({ actions: [], changes: [] }),
  cautions: async () => [],
  logs: async () => Readable.from([]),
  trust: async ({ metadata, spec }) => ({
    ...{ module: metadata.name, version: spec.version, links: [] },
  }),
  buildLog: () => Readable.from([]),
  exec: () => Promise.reject(new RegistrarError('CONTAINER_NOT_RUNNING', 'Nothing runs')),
  openPackage: () => Promise.reject(new RegistrarError('PACKAGE_GONE', 'It is gone')),
  pushed: () => false,
  cleanUp: async () => ({ removed: [], volumes: [] }),
  removeVolume: async () => undefined,
  acceptEngine: async () => 'memory-engine',
  usage: async () => new Map(),
};
