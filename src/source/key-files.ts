import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../lib/durable-file.js';
import type { RepoUrl } from './repo-url.js';
import type { DeployKey, SourceAccount, SourceCredentials } from './source.js';
import type { SshFiles } from './ssh-command.js';

/** What a call of git logs in with. */
export interface RemoteLogin extends SshFiles {
  readonly account?: SourceAccount;
}

/**
 * Runs work with the credentials: a key in files that only this user can read, and that are gone when
 * it ends. One that is killed leaves them to the next start, which empties the folder. An account is
 * written into no file. Credentials of another scheme than that of the URL are not used.
 */
export async function withKeyFiles<T>(
  folder: string,
  { scheme }: Pick<RepoUrl, 'scheme'>,
  credentials: SourceCredentials | undefined,
  work: (login: RemoteLogin) => Promise<T>,
): Promise<T> {
  if (credentials === undefined) return work({});
  if (!('privateKey' in credentials)) {
    return work(scheme === 'https' ? { account: credentials } : {});
  }
  if (scheme !== 'ssh') return work({});
  const own = join(folder, randomBytes(8).toString('hex'));
  try {
    await mkdir(own, { mode: PRIVATE_FOLDER });
    return await work(await writeFiles(own, credentials));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function writeFiles(
  folder: string,
  { privateKey, knownHosts }: DeployKey,
): Promise<SshFiles> {
  const sshKeyFile = join(folder, 'key');
  const knownHostsFile = join(folder, 'known_hosts');
  await writeFile(sshKeyFile, asLines(privateKey), { flag: 'wx', mode: PRIVATE_FILE });
  if (knownHosts === undefined) return { sshKeyFile };
  await writeFile(knownHostsFile, asLines(knownHosts), { flag: 'wx', mode: PRIVATE_FILE });
  return { sshKeyFile, knownHostsFile };
}

/** ssh reads no key whose last line has no end, nor one with the line ends of Windows. */
const asLines = (bytes: Buffer): string =>
  `${bytes.toString().replaceAll('\r\n', '\n').trimEnd()}\n`;
