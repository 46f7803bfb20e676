import { isLoopback } from '../../lib/loopback.js';

/** Whom docker.io stands for: the registry itself has another name. */
const DOCKER_HUB = 'registry-1.docker.io';

/**
 * Where the API of a registry is, such as `https://ghcr.io`. Only one on this machine is spoken to
 * without TLS, as the engine does it.
 */
export function registryAddress(registry: string): URL {
  const host = registry === 'docker.io' ? DOCKER_HUB : registry;
  const url = new URL(`https://${host}`);
  return isLoopback(url.hostname) ? new URL(`http://${host}`) : url;
}

/** Whether a URL may be asked: by TLS, or on this machine. */
export const isAskable = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
