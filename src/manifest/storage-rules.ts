import { posix } from 'node:path';
import type { FieldPath } from '../lib/field-path.js';
import type { ModuleManifest } from '../model/module.js';
import { isSecretVolume } from '../model/volumes.js';
import type { Finding } from './finding.js';
import { duplicates, forbidden, invalid, namesOf, type Holder, type Rule } from './rule.js';
import { secretFindings } from './secret-volume-rules.js';

/** Folders that the engine itself fills in a container, and that no policy gives from the host. */
const SYSTEM_PATHS = ['/proc', '/sys', '/dev'] as const;

/** Whether a path is a folder or below it; `/data2` is not below `/data`. */
export const isUnder = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** Whether a path has only one way to be written: nothing to resolve, no slash at the end. */
export const isNormal = (path: string): boolean =>
  path.startsWith('/') && posix.normalize(path) === path && (path === '/' || !path.endsWith('/'));

export const NORMAL = 'an absolute path without "..", ".", "//" and a slash at the end';

/** Places in the container where something is mounted. */
function mounts({ spec }: ModuleManifest): Holder[] {
  const volumes = spec.volumes.map(({ mountPath }, index) => ({
    path: ['spec', 'volumes', index, 'mountPath'],
    value: mountPath,
  }));
  const writable = spec.securityContext.writablePaths.map((value, index) => ({
    path: ['spec', 'securityContext', 'writablePaths', index],
    value,
  }));
  return [...volumes, ...writable];
}

function mountFinding({ path, value }: Holder): Finding[] {
  if (!isNormal(value)) return [invalid(path, NORMAL, value)];
  return systemFindings(path, value);
}

function systemFindings(path: FieldPath, value: string): Finding[] {
  const isReserved = value === '/' || SYSTEM_PATHS.some((folder) => isUnder(value, folder));
  if (!isReserved) return [];
  return [invalid(path, `a path other than / and not in ${SYSTEM_PATHS.join(', ')}`, value)];
}

function hostPathFinding(path: FieldPath, hostPath: string): Finding[] {
  if (!isNormal(hostPath)) return [invalid(path, NORMAL, hostPath)];
  if (hostPath.includes('docker.sock')) {
    return [forbidden(path, 'who has the socket of the engine owns the host: it is never given')];
  }
  return systemFindings(path, hostPath);
}

/** What would have to be made in files of a Secret, which are read-only. */
function belowSecrets(manifest: ModuleManifest): Finding[] {
  const secrets = manifest.spec.volumes.filter(isSecretVolume).map(({ mountPath }) => mountPath);
  const isBelow = ({ value }: Holder): boolean =>
    secrets.some((folder) => value !== folder && isUnder(value, folder));
  return mounts(manifest)
    .filter(isBelow)
    .map(({ path, value }) =>
      invalid(path, 'a path that is not in a volume of a Secret, which is read-only', value),
    );
}

/** What must hold of volumes and writable paths. */
export const STORAGE_RULES: readonly Rule[] = [
  {
    reads: ['spec.volumes'],
    find: ({ spec }) => duplicates(namesOf('volumes', spec.volumes)),
  },
  {
    reads: ['spec.volumes', 'spec.securityContext'],
    find: (manifest) => mounts(manifest).flatMap(mountFinding),
  },
  {
    reads: ['spec.volumes', 'spec.securityContext'],
    find: (manifest) => [...duplicates(mounts(manifest)), ...belowSecrets(manifest)],
  },
  {
    reads: ['spec.volumes'],
    find: ({ spec }) => spec.volumes.flatMap(secretFindings),
  },
  {
    reads: ['spec.volumes'],
    find: ({ spec }) =>
      spec.volumes.flatMap(({ hostPath }, index) =>
        hostPath === undefined
          ? []
          : hostPathFinding(['spec', 'volumes', index, 'hostPath'], hostPath),
      ),
  },
];
