import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { exchange } from './http.js';

/** Where engines usually listen. */
export function usualHosts() {
  return [
    '/var/run/docker.sock',
    env['XDG_RUNTIME_DIR'] ? join(env['XDG_RUNTIME_DIR'], 'docker.sock') : undefined,
    join(homedir(), '.docker', 'run', 'docker.sock'),
  ].flatMap((path) => (path === undefined ? [] : [`unix://${path}`]));
}

/**
 * Why no engine can be used at an address, undefined when one answers.
 *
 * @param {string} host
 * @returns {Promise<string | undefined>}
 */
export async function problemOf(host) {
  if (host.startsWith('unix://') && !existsSync(host.slice('unix://'.length)))
    return 'no such socket';
  try {
    const { status, body } = await exchange(host, 'GET', '/_ping', { timeoutMs: 5_000 });
    return status === 200 ? undefined : `answered ${status}: ${body.toString().trim()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
