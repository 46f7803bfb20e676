import { posix } from 'node:path';
import { printable } from '../../../lib/printable.js';
import { check, NotApplicable } from '../../check.js';

/** There is something to run. */
export const ENTRY_POINT = check({
  id: 'image/entry-point',
  title: 'The image or the manifest says what to run',
  severity: 'medium',
  mode: 'enforce',
  about: 'image',
  why: 'The engine refuses to make a container that has nothing to run.',
  remedy: 'Set spec.command, or ENTRYPOINT or CMD in the image',
  run({ manifest: { spec }, image: { entrypoint, command } }) {
    const all = [...spec.command, ...spec.args, ...entrypoint, ...command];
    if (all.length > 0) return [];
    return [{ field: 'spec.command', message: 'Neither the manifest nor the image has a command' }];
  },
});

/** What the image listens on is known. */
export const EXPOSED_PORTS = check({
  id: 'image/exposed-ports',
  title: 'Ports that the image exposes are in the manifest',
  severity: 'low',
  mode: 'warn',
  about: 'image',
  why: 'A port that the manifest does not name is not published, and nobody expects something behind it.',
  remedy: 'Add the port to spec.ports, or take EXPOSE out of the image',
  run({ manifest: { spec }, image: { exposedPorts } }) {
    if (exposedPorts.length === 0) throw new NotApplicable('The image exposes no ports');
    const named = new Set(
      spec.ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol.toLowerCase()}`),
    );
    return exposedPorts
      .filter((port) => !named.has(port.includes('/') ? port.toLowerCase() : `${port}/tcp`))
      .map((port) => ({ field: 'spec.ports', message: `"${printable(port, 40)}" is not named` }));
  },
});

/** A container that runs is known to work. */
export const IMAGE_HEALTH_CHECK = check({
  id: 'image/health-check',
  title: 'The image or the manifest has a health check',
  severity: 'low',
  mode: 'warn',
  about: 'image',
  why: 'Without one a module that hangs counts as running, and a bad release as a good one.',
  remedy: 'Set spec.healthCheck, or HEALTHCHECK in the image',
  run({ manifest: { spec }, image: { hasHealthCheck } }) {
    if (spec.healthCheck !== undefined || hasHealthCheck) return [];
    const message = 'Neither the manifest nor the image has a health check';
    return [{ field: 'spec.healthCheck', message }];
  },
});

/** No data lies where nobody looks for it. */
export const DECLARED_VOLUMES = check({
  id: 'image/volumes',
  title: 'Volumes that the image declares are in the manifest',
  severity: 'medium',
  mode: 'warn',
  about: 'image',
  why: 'For others the engine makes a volume without a name and a limit, which goes with the container.',
  remedy: 'Mount a volume at exactly that path, or list it in writablePaths',
  run({ manifest: { spec }, image: { volumes } }) {
    if (volumes.length === 0) throw new NotApplicable('The image declares no volumes');
    const mounted = spec.volumes.map(({ mountPath }) => mountPath);
    // A volume above does not help: the engine mounts the nameless one into it.
    const named = new Set([...mounted, ...spec.securityContext.writablePaths, '/tmp'].map(tidy));
    return volumes
      .filter((path) => !named.has(tidy(path)))
      .map((path) => ({
        field: 'spec.volumes',
        message: `Nothing is mounted at "${printable(path)}"`,
      }));
  },
});

const tidy = (path: string): string => posix.resolve('/', path);
