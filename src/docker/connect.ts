import type { Agent } from 'node:http';
import Docker from 'dockerode';
import { RegistrarError } from '../model/errors.js';

/** The part of docker-modem that is used: one HTTP request. */
export interface Modem {
  dial(options: object, callback: (error: unknown, result: unknown) => void): void;
}

/**
 * What dockerode would else take from the environment: with a DOCKER_HOST of tcp there, it ignores
 * a socket path that it was given.
 */
const NOTHING_FROM_ENVIRONMENT = {
  ...{ host: undefined, port: undefined, socketPath: undefined, username: undefined },
  ...{ ca: undefined, cert: undefined, key: undefined, timeout: undefined },
};

/** A way to an engine. INVALID for a host that is neither `unix://path` nor `tcp://host:port`. */
export function connect(dockerHost: string, agent: Agent): Modem {
  const address = addressOf(dockerHost);
  const options = { ...NOTHING_FROM_ENVIRONMENT, protocol: 'http', ...address, agent } as const;
  return new Docker(options).modem;
}

function addressOf(dockerHost: string): { socketPath: string } | { host: string; port: string } {
  const [, socketPath] = /^unix:\/\/(\/.+)$/.exec(dockerHost) ?? [];
  if (socketPath !== undefined) return { socketPath };
  const [, host, port] = /^tcp:\/\/([\w.-]+|\[[\da-fA-F:]+\]):(\d{1,5})$/.exec(dockerHost) ?? [];
  if (host !== undefined && port !== undefined) return { host: `http://${host}`, port };
  const message = `Cannot use Docker host "${dockerHost}": write unix:///path or tcp://host:port`;
  throw new RegistrarError('INVALID', message);
}
