import type { FastifyInstance } from 'fastify';
import { RegistrarError } from '../model/errors.js';
import { API_VERSION } from '../model/names.js';
import type { ConfigStatus } from '../triggers/config/status.js';
import { endpoint } from './endpoint.js';

/** Serves what the config directory says about itself, and the answer to its prune brake. */
export function configRoutes(server: FastifyInstance, config: ConfigStatus | undefined): void {
  endpoint(server, '/configz', { GET: () => statusOf(config) });
  endpoint(server, '/configz/confirm-prune', {
    POST: async () => {
      if (config === undefined) {
        throw new RegistrarError('CONFLICT', 'No config directory is watched, so nothing is held');
      }
      const deleted = await config.confirmPrune();
      return { ...statusOf(config), deleted };
    },
  });
}

/** JSON form of ConfigStatus; `directory` is absent when none is watched. */
function statusOf(config: ConfigStatus | undefined): object {
  const head = { kind: 'ConfigStatus', apiVersion: API_VERSION };
  if (config === undefined) return { ...head, problems: [] };
  const held = config.held();
  return {
    ...head,
    directory: config.directory,
    problems: config.problems(),
    ...(held !== undefined && { held }),
  };
}
