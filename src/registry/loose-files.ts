import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { PRIVATE_FOLDER } from '../lib/durable-file.js';
import { RegistrarError } from '../model/errors.js';

/** Rights of group and others. */
const OTHERS = 0o077;
/** Holds the key of the authority. Keys of Secrets are looked at when they are read. */
const TLS_FOLDER = 'tls';
/** Most files that one message names. */
const MAX_NAMED = 5;

/**
 * Takes a folder that is not in use yet for its owner alone. One with something in it that others
 * may use is left as it is: somebody named it by mistake.
 */
export function closeNewFolder(dataDir: string): void {
  const names = readdirSync(dataDir).filter((name) => !name.startsWith('.'));
  const isOfOthers = names.some((name) => reasonFor(join(dataDir, name)) !== undefined);
  if (!isOfOthers && isOwn(statSync(dataDir))) chmodSync(dataDir, PRIVATE_FOLDER);
}

/**
 * DATA_DIR_UNUSABLE when others than this user may use a data directory, a file in it or the keys of
 * its certificates, or own one of them.
 */
export function refuseLoose(dataDir: string): void {
  const folders = [dataDir, join(dataDir, TLS_FOLDER)].filter((path) => existsSync(path));
  const paths = [...folders, ...folders.flatMap(filesIn)];
  const loose = paths.flatMap((path) => reasonFor(path) ?? []);
  if (loose.length === 0) return;
  const named = loose.slice(0, MAX_NAMED).join(', ');
  const more = loose.length > MAX_NAMED ? ` and ${loose.length - MAX_NAMED} more` : '';
  const { username } = userInfo();
  throw new RegistrarError(
    'DATA_DIR_UNUSABLE',
    `Others than user "${username}" may use ${named}${more}; see to it that nobody has read them, ` +
      `then run: chown -R ${username} "${dataDir}" && chmod -R go= "${dataDir}"`,
  );
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name));

/** Why a path is not for this user alone; undefined when it is, or gone by now. */
function reasonFor(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (!isOwn(stats)) return `"${path}" (it belongs to user id ${stats.uid})`;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  return (stats.mode & OTHERS) === 0 ? undefined : `"${path}" (mode ${mode})`;
}

const isOwn = ({ uid }: Stats): boolean => uid === (process.getuid?.() ?? uid);
