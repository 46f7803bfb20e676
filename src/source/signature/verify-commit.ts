import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FOLDER } from '../../lib/durable-file.js';
import { parseCommit } from '../commit-object.js';
import { askGit, runGit } from '../git.js';
import type { GitCall, GitSetting } from '../git.js';
import { openRepository } from '../repository.js';
import { takeAll } from '../run.js';
import { parseGpgStatus } from './gpg-status.js';
import { makeKeyring } from './keyring.js';
import { signatureKind } from './signed-commit.js';
import { parseSshKey } from './ssh-key.js';
import { parseSshOutput } from './ssh-output.js';
import { isValidAt } from './validity.js';
import type { Verdict } from './verdict.js';
import type { CommitSignature } from '../../model/commit-signature.js';
import type { Signer } from '../../model/policy.js';

const VERIFY_MS = 30_000;

/** A commit object, and a new folder that is only for checking it. */
interface Check {
  readonly git: GitSetting;
  readonly folder: string;
  readonly commit: string;
  readonly object: Buffer;
  readonly keys: readonly Signer[];
  readonly signal: AbortSignal;
}

/** A verdict, and the keys that are the one which signed. */
interface Found {
  readonly verdict: Verdict;
  readonly owners: readonly Signer[];
}

/**
 * What git says of the signature of a commit object, against these keys and no others. INVALID for
 * a malformed key.
 */
export async function verifyCommit(
  check: Omit<Check, 'folder'>,
  keyrings: string,
): Promise<CommitSignature> {
  const kind = signatureKind(check.object, check.commit);
  if (kind === undefined) return { state: 'unsigned' };
  if (kind === 'other') {
    return { state: 'unverifiable', message: 'the signature is neither of SSH nor of GPG' };
  }
  const folder = join(keyrings, randomBytes(8).toString('hex'));
  try {
    await mkdir(folder, { mode: PRIVATE_FOLDER });
    const look = kind === 'ssh' ? verifySsh : verifyGpg;
    const { committedAt } = parseCommit(check.object);
    return { method: kind, ...conclude(await look({ ...check, folder }), committedAt) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifySsh(check: Check): Promise<Found> {
  const known = check.keys
    .filter(({ sshKey }) => sshKey !== undefined)
    .map((owner) => ({ owner, key: parseSshKey(owner.sshKey ?? '', owner.name) }));
  const file = join(check.folder, 'signers');
  // Names are ours: what a policy calls a key could mean something in this file.
  const lines = known.map(({ key }, index) => `key-${index} namespaces="git" ${key.text}\n`);
  await writeFile(file, lines.join(''));
  const config = { 'gpg.ssh.allowedSignersFile': file };
  const verdict = parseSshOutput(...(await ask(check, { config })));
  const owners = known.filter(({ key }) => key.fingerprint === verdict.key);
  return { verdict, owners: owners.map(({ owner }) => owner) };
}

async function verifyGpg(check: Check): Promise<Found> {
  const given = check.keys.filter(({ gpgKey }) => gpgKey !== undefined);
  const keyring = await makeKeyring(join(check.folder, 'gpg'), given, check.signal);
  const verdict = parseGpgStatus(...(await ask(check, { env: { GNUPGHOME: keyring.folder } })));
  return { verdict, owners: keyring.owners.get(verdict.key ?? '') ?? [] };
}

/** Has git check the commit in a repository that holds nothing else. */
async function ask(
  { git, folder, commit, object, signal }: Check,
  setting: Pick<GitCall, 'config' | 'env'>,
): Promise<[stderr: string, code: number]> {
  const repository = join(folder, 'repository');
  const call = { ...setting, repository, timeoutMs: VERIFY_MS, signal };
  await openRepository(git, repository, commit, signal);
  const store = ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin'];
  await askGit(git, { ...call, args: store, input: object });
  const args = ['verify-commit', '--raw', commit];
  const { stderr, code } = await runGit(git, { ...call, args }, takeAll);
  return [stderr, code];
}

/** A good signature counts only by a key that was given, and at a time when that was valid. */
function conclude(
  { verdict, owners }: Found,
  committedAt: string,
): Omit<CommitSignature, 'method'> {
  const [first] = owners;
  const named = first === undefined ? verdict : { ...verdict, signer: first.name };
  if (verdict.state !== 'good') return named;
  if (first === undefined) return { ...verdict, state: 'unknownKey' };
  const valid = owners.find((key) => isValidAt(key, committedAt));
  if (valid !== undefined) return { ...verdict, signer: valid.name };
  const message = `the key was not valid on ${committedAt}, when the commit was made`;
  return { ...named, state: 'expiredKey', message };
}
