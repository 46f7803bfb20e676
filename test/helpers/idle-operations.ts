import { Readable } from 'node:stream';
import type { ModuleOperations } from '../../src/controller/operations.js';
import { RegistrarError } from '../../src/model/errors.js';

/** A controller with nothing to tell. */
export const IDLE: ModuleOperations = {
  preview: async () => ({ actions: [], changes: [] }),
  logs: async () => Readable.from([]),
  exec: () => Promise.reject(new RegistrarError('CONTAINER_NOT_RUNNING', 'Nothing runs')),
  usage: async () => new Map(),
};
