import type { Problem } from '../../../model/verification.js';
import { check } from '../../check.js';
import type { TreeEntry } from '../../tree/tree.js';

const [SET_UID, SET_GID, OTHERS_WRITE] = [0o4000, 0o2000, 0o002];

const isFileOrFolder = ({ type }: TreeEntry): boolean => type === 'file' || type === 'folder';

/** No file lends the rights of its owner to whoever runs it. */
export const SET_ID_FILES = check({
  id: 'tree/set-id-files',
  title: 'No file is set-uid or set-gid',
  severity: 'high',
  mode: 'enforce',
  about: 'tree',
  why: 'Whoever runs such a file in the image has the rights of its owner, which is root after COPY.',
  remedy: 'Take the bit away: chmod ug-s',
  run({ tree }) {
    return tree.entries.filter(({ type }) => type === 'file').flatMap(setIdOf);
  },
});

function setIdOf({ path: file, mode }: TreeEntry): Problem[] {
  if ((mode & (SET_UID | SET_GID)) === 0) return [];
  const bit = (mode & SET_UID) === 0 ? 'set-gid' : 'set-uid';
  return [{ file, message: `The file is ${bit} (mode ${mode.toString(8)})` }];
}

/** Only the owner and the group of a file can write to it. */
export const WORLD_WRITABLE = check({
  id: 'tree/world-writable',
  title: 'No file can be written to by everybody',
  severity: 'low',
  mode: 'warn',
  about: 'tree',
  why: 'COPY keeps the mode, so any process in the container can change such a file, a script too.',
  remedy: 'Take the right away: chmod o-w',
  run({ tree }) {
    return tree.entries
      .filter((entry) => isFileOrFolder(entry) && (entry.mode & OTHERS_WRITE) !== 0)
      .map(({ path, mode }) => ({
        file: path,
        message: `Everybody can write to it (mode ${mode.toString(8)})`,
      }));
  },
});
