import type { ModuleSpec } from '../model/module.js';
import { isWritable } from '../model/volumes.js';
import type { Finding } from './finding.js';
import { invalid, type Rule } from './rule.js';
import { isNormal, isUnder, NORMAL } from './storage-rules.js';

/** Where every container has a folder in memory. */
const TEMPORARY = '/tmp';

/** The engine does not look into what is in memory, and the rest is read-only by default. */
const IN_VOLUME = 'a path in a volume of spec.volumes that the module may write';

function fileFindings({ progressCheck, volumes, securityContext }: ModuleSpec): Finding[] {
  const file = progressCheck?.file;
  if (file === undefined) return [];
  const path = ['spec', 'progressCheck', 'file'];
  if (!isNormal(file)) return [invalid(path, NORMAL, file)];
  const inMemory = [TEMPORARY, ...securityContext.writablePaths];
  const places = [
    ...inMemory.map((folder) => ({ folder, isVolume: false })),
    ...volumes.map((volume) => ({ folder: volume.mountPath, isVolume: isWritable(volume) })),
  ];
  const [place] = places
    .filter(({ folder }) => isUnder(file, folder))
    .toSorted((a, b) => b.folder.length - a.folder.length);
  const isSeen = place?.isVolume ?? !securityContext.readOnlyRootFilesystem;
  return isSeen ? [] : [invalid(path, IN_VOLUME, file)];
}

/** What must hold of the progress check. */
export const PROGRESS_RULES: readonly Rule[] = [
  {
    reads: ['spec.progressCheck'],
    find: ({ spec: { progressCheck } }) => {
      if (progressCheck === undefined) return [];
      const { http, logPattern, file } = progressCheck;
      const given = [http, logPattern, file].filter((one) => one !== undefined);
      if (given.length === 1) return [];
      return [invalid(['spec', 'progressCheck'], 'exactly one of http, logPattern and file')];
    },
  },
  {
    reads: ['spec.progressCheck', 'spec.volumes', 'spec.securityContext'],
    find: ({ spec }) => fileFindings(spec),
  },
];
