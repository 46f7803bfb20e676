import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../../lib/durable-file.js';
import { RegistrarError } from '../../model/errors.js';
import { gitEnvironment } from '../git-environment.js';
import { run, takeAll } from '../run.js';
import type { Signer } from '../../model/policy.js';

const GPG_MS = 30_000;
const GPG_MEMORY = 256 * 1024 * 1024;

/**
 * Public keys need no agent, so none is started, and nothing is asked of any server. Whether somebody
 * vouches for a key does not matter: it counts because it was given.
 */
const SETTINGS = 'no-autostart\nno-auto-key-retrieve\n';

/** A folder for gpg with the keys, and whose each is. */
export interface Keyring {
  readonly folder: string;
  /** By fingerprint, of subkeys too. */
  readonly owners: ReadonlyMap<string, readonly Signer[]>;
}

/** Puts the GPG keys into a new keyring. INVALID for what is no armored public key. */
export async function makeKeyring(
  folder: string,
  keys: readonly Signer[],
  signal: AbortSignal,
): Promise<Keyring> {
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  await writeFile(join(folder, 'gpg.conf'), SETTINGS, { mode: PRIVATE_FILE });
  const owners = new Map<string, readonly Signer[]>();
  for (const key of keys) {
    for (const fingerprint of await addKey(folder, key, signal)) {
      owners.set(fingerprint, [...(owners.get(fingerprint) ?? []), key]);
    }
  }
  return { folder, owners };
}

/** Adds a key and gives back the fingerprints of it and its subkeys. */
async function addKey(folder: string, key: Signer, signal: AbortSignal): Promise<string[]> {
  const { gpgKey: input = '', name } = key;
  const show = ['--with-colons', '--import-options', 'show-only', '--import'];
  const shown = await gpg(folder, show, input, signal);
  const records = (shown ?? '').split('\n').map((one) => one.split(':'));
  const has = (type: string): boolean => records.some(([word]) => word === type);
  const isPublic = has('pub') && has('uid') && !has('sec');
  if (!isPublic || (await gpg(folder, ['--import'], input, signal)) === undefined) {
    const message = `Cannot use the GPG key of "${name}": write an armored public key, as "gpg --armor --export" prints it`;
    throw new RegistrarError('INVALID', message);
  }
  return records.filter(([word]) => word === 'fpr').map((record) => record[9] ?? '');
}

/** What gpg prints; undefined when it does not succeed. */
async function gpg(
  folder: string,
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const what = {
    program: 'gpg',
    args: ['--batch', '--no-tty', '--quiet', ...args],
    cwd: folder,
    env: gitEnvironment(folder, { GNUPGHOME: folder }),
    ...{ input, timeoutMs: GPG_MS, maxMemory: GPG_MEMORY, signal },
  } as const;
  const { value, code } = await run(what, takeAll);
  return code === 0 ? value.toString('latin1') : undefined;
}
