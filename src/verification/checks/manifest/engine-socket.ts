import { printable } from '../../../lib/printable.js';
import { check } from '../../check.js';
import { hostMounts, isBelow, pathsOf } from './host-mounts.js';

/** Where engines listen by themselves; /var/run is a link to /run on most hosts. */
const SOCKETS = ['docker.sock', 'docker', 'containerd', 'podman', 'crio', 'buildkit'].flatMap(
  (name) => [`/run/${name}`, `/var/run/${name}`],
);

/** The socket of an engine wherever it was put. */
const SOCKET_NAME = /^(?:docker|dockerd|containerd|podman|crio|buildkitd)(?:-\w+)?\.sock$/;

const isEngines = (path: string): boolean =>
  path.split('/').some((part) => SOCKET_NAME.test(part)) ||
  SOCKETS.some((socket) => path === socket || isBelow(path, socket) || isBelow(socket, path));

/** No module can give orders to the engine. */
export const ENGINE_SOCKET = check({
  id: 'manifest/engine-socket',
  title: "The engine's socket is not given to the module",
  severity: 'critical',
  mode: 'enforce',
  about: 'manifest',
  why: 'Whoever can speak to the engine is root on the host: one request starts a container with all of it.',
  remedy: 'Leave the volume out; no policy can give the socket to a module',
  run(subject) {
    return hostMounts(subject)
      .filter((mount) => pathsOf(mount).slice(0, -1).some(isEngines))
      .map(({ field, hostPath }) => ({
        field,
        message: `"${printable(hostPath)}" is, holds or is next to the socket of an engine`,
      }));
  },
});
