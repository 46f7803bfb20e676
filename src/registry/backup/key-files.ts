import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../lib/durable-file.js';
import { RegistrarError } from '../../model/errors.js';
import { KEY_FOLDER } from '../data-directory.js';

/** Files of the folder of keys, in base64 by name. */
export function readKeyFiles(dataDir: string): Record<string, string> {
  const folder = join(dataDir, KEY_FOLDER);
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (one) => one.isFile() && !one.name.endsWith('.tmp'),
  );
  return Object.fromEntries(
    files.map(({ name }) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );
}

/** Refuses keys that differ from those there: CONFLICT. One of them could not be got back. */
export function checkKeyFiles(dataDir: string, keys: Readonly<Record<string, string>>): void {
  const present = readKeyFiles(dataDir);
  for (const [name, key] of Object.entries(keys)) {
    if (basename(name) !== name) {
      throw new RegistrarError('BAD_REQUEST', `The backup has a key with the name "${name}"`);
    }
    if ((present[name] ?? key) === key) continue;
    const path = join(dataDir, KEY_FOLDER, name);
    throw new RegistrarError(
      'CONFLICT',
      `Key file "${path}" is not the one of the backup; move it to a safe place first`,
    );
  }
}

/** Writes those that are not there. */
export function writeKeyFiles(dataDir: string, keys: Readonly<Record<string, string>>): void {
  const folder = join(dataDir, KEY_FOLDER);
  for (const [name, key] of Object.entries(keys)) {
    const path = join(folder, name);
    if (existsSync(path)) continue;
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const bytes = Buffer.from(key, 'base64');
    writeFileSync(path, bytes, { mode: PRIVATE_FILE, flag: 'wx', flush: true });
  }
}
