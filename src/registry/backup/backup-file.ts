import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PRIVATE_FILE } from '../../lib/durable-file.js';
import { RegistrarError } from '../../model/errors.js';

/**
 * A backup is one file: a line with the format and a checksum of all after it, a line of JSON, and
 * the database.
 */
const FORMAT = 'registrar-backup 1 sha256:';
const HASH_DIGITS = 64;
const FIRST_LINE = FORMAT.length + HASH_DIGITS + 1;
/** Far more than two keys take. */
const MAX_HEADER_BYTES = 64 * 1024;

/** What a backup says of itself. */
export interface BackupHeader {
  /** RFC 3339. */
  readonly madeAt: string;
  readonly registrarVersion: string;
  readonly instanceId: string;
  /** The highest resourceVersion in it. */
  readonly resourceVersion: number;
  /** Files of the folder of keys in base64; none unless they were asked for. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Writes a backup of a database file to `path`, which must not exist; durable when it resolves. */
export async function writeBackupFile(
  path: string,
  header: BackupHeader,
  database: string,
): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_FILE);
  try {
    await file.write(`${FORMAT}${'0'.repeat(HASH_DIGITS)}\n`, 0);
    const hash = createHash('sha256');
    const intro = Buffer.from(`${JSON.stringify(header)}\n`);
    hash.update(intro);
    await file.write(intro, 0, intro.length, FIRST_LINE);
    const target = createWriteStream(path, { flags: 'r+', start: FIRST_LINE + intro.length });
    await pipeline(createReadStream(database), hashing(hash), target);
    await file.write(hash.digest('hex'), FORMAT.length);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Takes a backup apart: its database goes to `database`, which must not exist, and is durable when
 * this resolves. BAD_REQUEST for what is no backup, or not the whole of one.
 */
export async function readBackupFile(path: string, database: string): Promise<BackupHeader> {
  const { expected, intro, header } = await openingOf(path);
  const hash = createHash('sha256').update(intro);
  await pipeline(
    createReadStream(path, { start: FIRST_LINE + intro.length }),
    hashing(hash),
    createWriteStream(database, { flags: 'wx', mode: PRIVATE_FILE, flush: true }),
  );
  if (hash.digest('hex') !== expected) {
    throw bad(path, 'is damaged or cut off: its checksum does not hold; take another backup');
  }
  return header;
}

interface Opening {
  readonly expected: string;
  readonly intro: Buffer;
  readonly header: BackupHeader;
}

async function openingOf(path: string): Promise<Opening> {
  const file = await open(path, 'r').catch((error: Error) => {
    throw bad(path, `cannot be read: ${error.message}`);
  });
  try {
    return readOpening(path, await beginning(file));
  } finally {
    await file.close();
  }
}

async function beginning(file: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(FIRST_LINE + MAX_HEADER_BYTES);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return bytes.subarray(0, bytesRead);
}

function readOpening(path: string, bytes: Buffer): Opening {
  const first = bytes.subarray(0, FIRST_LINE).toString('latin1');
  const expected = first.slice(FORMAT.length, -1);
  const end = bytes.indexOf('\n', FIRST_LINE);
  if (!first.startsWith(FORMAT) || !/^[0-9a-f]{64}$/.test(expected) || end === -1) {
    throw bad(path, 'is no backup that this registrar can read; make them with "registrar backup"');
  }
  const intro = bytes.subarray(FIRST_LINE, end + 1);
  try {
    return { expected, intro, header: JSON.parse(intro.toString()) as BackupHeader };
  } catch {
    throw bad(path, 'is damaged: what it says of itself cannot be read; take another backup');
  }
}

function hashing(hash: ReturnType<typeof createHash>): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

const bad = (path: string, problem: string): RegistrarError =>
  new RegistrarError('BAD_REQUEST', `File "${path}" ${problem}`);
