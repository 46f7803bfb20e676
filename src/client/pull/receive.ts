import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RegistrarError } from '../../model/errors.js';
import { expectedPackage, requireDigest } from './expected-package.js';

/**
 * Writes a package to a file once it is whole and has its digest: whatever happens before, the file
 * is as it was, and nothing is left beside it.
 */
export async function receiveFile(
  answer: IncomingMessage,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  // Opened before anything can fail: a stream that opens it later would do so after its removal.
  const file = await open(part, 'wx');
  try {
    await receive(answer, file.createWriteStream({ flush: true }), signal);
    await rename(part, path);
  } finally {
    await file.close();
    await rm(part, { force: true });
  }
}

/** Passes a package on as it comes. Rejects in the end when it does not have its digest. */
export async function receive(
  answer: IncomingMessage,
  target: Writable,
  signal: AbortSignal,
): Promise<void> {
  const expected = expectedPackage(answer);
  const hash = createHash('sha256');
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(answer, meter, target, { signal, end: target !== process.stdout });
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  }
  requireDigest(hash.digest('hex'), expected);
}

const interrupted = (): RegistrarError =>
  new RegistrarError('BAD_REQUEST', 'Interrupted; nothing of the package is kept');
