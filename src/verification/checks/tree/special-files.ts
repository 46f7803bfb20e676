import { check } from '../../check.js';

/** Nothing but files, folders and symlinks. */
export const SPECIAL_FILES = check({
  id: 'tree/special-files',
  title: 'There are no devices, sockets or pipes',
  severity: 'high',
  mode: 'enforce',
  about: 'tree',
  why: 'Git keeps none of them, so one was put there by other means, and opening it can have any effect.',
  remedy: 'Remove the device, socket or pipe',
  run({ tree }) {
    return tree.entries
      .filter(({ type }) => type === 'special')
      .map(({ path }) => ({ file: path, message: 'It is a device, socket or pipe' }));
  },
});
