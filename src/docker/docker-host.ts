import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where engines usually listen: Docker, rootless Docker, Docker Desktop. */
function usualSockets(env: NodeJS.ProcessEnv): string[] {
  const runtimeDir = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtimeDir === undefined ? [] : [join(runtimeDir, 'docker.sock')]),
    join(homedir(), '.docker/run/docker.sock'),
  ];
}

/**
 * The engine to use: the one named, else DOCKER_HOST, else the first usual socket that exists, else
 * `/var/run/docker.sock`, where one may appear later.
 */
export function findDockerHost(named: string | undefined, env = process.env): string {
  const said = named ?? env['DOCKER_HOST'];
  if (said !== undefined && said !== '') return said;
  const sockets = usualSockets(env);
  return `unix://${sockets.find((socket) => existsSync(socket)) ?? '/var/run/docker.sock'}`;
}
