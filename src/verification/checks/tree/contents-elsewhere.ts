import { check } from '../../check.js';

const MODULES_FILE = '.gitmodules';

/** All code that is built is in the commit. */
export const SUBMODULES = check({
  id: 'tree/submodules',
  title: 'The source has no submodules',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'A submodule is not fetched: its folder is empty when the image is built, and no check sees its code.',
  remedy: 'Put the files into the repository, or get them in the Dockerfile by a commit',
  run({ tree }) {
    const folders = tree.entries.filter(({ type }) => type === 'submodule');
    const found = folders.map(({ path }) => ({ file: path, message: 'It is a submodule' }));
    const isOnlyNamed = found.length === 0 && tree.at(MODULES_FILE) !== undefined;
    return isOnlyNamed ? [{ file: MODULES_FILE, message: 'It names submodules' }] : found;
  },
});

const LFS = 'version https://git-lfs.github.com/spec/v1\n';
/** A pointer is three lines; more is a file about pointers. */
const MAX_POINTER = 1024;

/** All contents are in the commit. */
export const LFS_POINTERS = check({
  id: 'tree/lfs-pointers',
  title: 'No file is a pointer of Git LFS',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'What the pointer stands for is not fetched: the image gets the pointer in its place.',
  remedy: 'Commit the file itself, or get it in the Dockerfile by its checksum',
  run({ tree }) {
    return tree.entries
      .filter(({ type, size }) => type === 'file' && size >= LFS.length && size < MAX_POINTER)
      .filter(({ path }) => tree.read(path, LFS.length).toString('latin1') === LFS)
      .map(({ path }) => ({ file: path, message: 'Its contents are kept elsewhere (Git LFS)' }));
  },
});
