import { NotApplicable } from '../../check.js';
import type { ManifestSubject } from '../../subjects.js';
import { specField } from './spec-field.js';

/** A folder of the host in a manifest. */
export interface HostMount {
  /** Of the host path. */
  readonly field: string;
  /** As it is written. */
  readonly hostPath: string;
  /** Where it really leads; undefined when it cannot be followed. */
  readonly realPath: string | undefined;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

/** The folders of the host that a module mounts. */
export function hostFolders({ manifest, realPaths }: ManifestSubject): HostMount[] {
  return manifest.spec.volumes.flatMap(({ hostPath, mountPath, readOnly }, index) => {
    if (hostPath === undefined) return [];
    const field = specField('volumes', index, 'hostPath');
    return [{ field, hostPath, realPath: realPaths.get(hostPath), mountPath, readOnly }];
  });
}

/** The same. NotApplicable when there are none. */
export function hostMounts(subject: ManifestSubject): HostMount[] {
  const mounts = hostFolders(subject);
  if (mounts.length > 0) return mounts;
  throw new NotApplicable('The module mounts no folder of the host');
}

/** All that a mount is known as: what is written, and where it leads. */
export const pathsOf = ({ hostPath, realPath, mountPath }: HostMount): string[] =>
  [hostPath, realPath, mountPath].filter((path) => path !== undefined);

/** Whether a path is below a folder; no folder is below itself, and `/data2` not below `/data`. */
export const isBelow = (path: string, folder: string): boolean =>
  path !== folder && path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
