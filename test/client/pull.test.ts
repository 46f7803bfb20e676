import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Header } from 'tar';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { extractPackage } from '../../src/client/pull/extract.js';
import { receiveFile } from '../../src/client/pull/receive.js';
import { temporaryFolder } from '../helpers/git-repository.js';

const NEVER = new AbortController().signal;
const BYTES = Buffer.alloc(300_000, 'package');

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

const HEAD = {
  'x-registrar-version': '1.0.0',
  'repr-digest': `sha-256=:${digestOf(BYTES)}:`,
  'content-length': String(BYTES.length),
};

/** The answer of a server that is not to be trusted. */
async function answerOf(listener: RequestListener): Promise<IncomingMessage> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => get({ host: '127.0.0.1', port }, resolve));
}

async function received(listener: RequestListener, signal = NEVER): Promise<string> {
  const folder = temporaryFolder('pull');
  const path = join(folder, 'file');
  writeFileSync(path, 'before');
  const ended = await receiveFile(await answerOf(listener), path, signal).then(
    () => 'done',
    (error: unknown) => String(error),
  );
  expect(readdirSync(folder)).toEqual(['file']);
  const isBefore = readFileSync(path, 'utf8') === 'before';
  return isBefore ? ended : `replaced, ${ended}`;
}

describe('a package that is received', () => {
  it('replaces the file when it is whole', async () => {
    expect(await received((_, answer) => answer.writeHead(200, HEAD).end(BYTES))).toBe(
      'replaced, done',
    );
  });

  it('is refused when it has another digest', async () => {
    const other = Buffer.from(BYTES);
    other[7] = 0;
    expect(await received((_, answer) => answer.writeHead(200, HEAD).end(other))).toContain(
      'does not have its digest',
    );
  });

  it('is refused when it is cut off, and when nothing says what it is', async () => {
    const cut = await received((_, answer) => {
      answer.writeHead(200, HEAD).write(BYTES.subarray(0, 1_000), () => answer.destroy());
    });
    expect(cut).toMatch(/aborted|reset|premature/i);
    for (const head of [
      { ...HEAD, 'repr-digest': 'sha-512=:AAAA:' },
      { ...HEAD, 'x-registrar-version': '../../x' },
      {},
    ]) {
      const ended = await received((_, answer) => answer.writeHead(200, head).end(BYTES));
      expect(ended).toContain('did not answer with a package and its digest');
    }
  });

  it('leaves nothing when it is interrupted', async () => {
    const abort = new AbortController();
    const ended = await received((_, answer) => {
      answer.writeHead(200, HEAD).write(BYTES.subarray(0, 1_000), () => abort.abort());
    }, abort.signal);
    expect(ended).toContain('Interrupted; nothing of the package is kept');
  });
});

interface Entry {
  readonly path: string;
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'FIFO' | 'CharacterDevice';
  readonly mode?: number;
  readonly linkpath?: string;
  readonly content?: string;
}

/** A package with exactly these entries, however bad. */
function packageOf(entries: readonly Entry[]): string {
  const blocks = entries.flatMap(
    ({ path, type = 'File', mode = 0o644, linkpath, content = '' }) => {
      const block = Buffer.alloc(512);
      const size = Buffer.byteLength(content);
      new Header({
        path,
        type,
        mode,
        size,
        ...(linkpath && { linkpath }),
        mtime: new Date(0),
      }).encode(block);
      return [block, Buffer.from(content), Buffer.alloc((512 - (size % 512)) % 512)];
    },
  );
  const file = join(temporaryFolder('package'), 'package.tar.gz');
  writeFileSync(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return file;
}

const MIB = 1024 ** 2;
const MANY = Array.from({ length: 51 }, (_, index) => ({ path: `file-${index}` }));

/** The tar of one file, without its end. */
function zeros(path: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  new Header({ path, type: 'File', mode: 0o644, size, mtime: new Date(0) }).encode(block);
  return Buffer.concat([block, Buffer.alloc(size)]);
}

describe('a package that is extracted', () => {
  const target = (): string => join(temporaryFolder('extract'), 'out');

  it('gives files and folders, without special modes', async () => {
    const out = target();
    const file = packageOf([
      { path: 'bin/', type: 'Directory', mode: 0o777 },
      { path: 'bin/run', mode: 0o6777, content: '#!/bin/sh\n' },
      { path: 'read.me', content: 'Hello' },
    ]);
    expect(await extractPackage(file, out, NEVER)).toBe(0);
    expect(readFileSync(join(out, 'read.me'), 'utf8')).toBe('Hello');
    expect(statSync(join(out, 'bin/run')).mode & 0o7777).toBe(0o755 & ~process.umask());
    expect(statSync(join(out, 'read.me')).mode & 0o111).toBe(0);
  });

  it('gives nothing that leads out of the folder', async () => {
    const out = target();
    const file = packageOf([
      { path: '../escaped', content: 'x' },
      { path: '/tmp/registrar-escaped', content: 'x' },
      { path: 'a/../../escaped', content: 'x' },
      { path: 'link', type: 'SymbolicLink', linkpath: '/etc' },
      { path: 'link/passwd', content: 'x' },
      { path: 'hard', type: 'Link', linkpath: '/etc/passwd' },
      { path: 'pipe', type: 'FIFO' },
      { path: 'device', type: 'CharacterDevice' },
      { path: 'fine', content: 'x' },
    ]);
    expect(await extractPackage(file, out, NEVER)).toBe(7);
    expect(readdirSync(join(out, '..'))).toEqual(['out']);
    expect(readdirSync(out).toSorted()).toEqual(['fine', 'link']);
    expect(statSync(join(out, 'link')).isDirectory()).toBe(true);
  });

  it.each([
    ['no archive', 'incorrect header', (): Buffer => Buffer.from('not gzip')],
    [
      'half of one',
      'unexpected end',
      (): Buffer =>
        readFileSync(packageOf([{ path: 'a', content: 'x'.repeat(9_000) }])).subarray(0, 40),
    ],
    ['a long file', 'more than 1048576 bytes', (): Buffer => gzipSync(zeros('long', 8 * MIB))],
    ['nothing but zeros', 'more than 1048576 bytes', (): Buffer => gzipSync(Buffer.alloc(8 * MIB))],
    ['many files', 'more than 50 entries', (): Buffer => readFileSync(packageOf(MANY))],
  ])('leaves nothing of %s', async (_, message, bytes) => {
    const out = target();
    const file = join(temporaryFolder('package'), 'package.tar.gz');
    writeFileSync(file, bytes());
    await expect(extractPackage(file, out, NEVER, { bytes: MIB, entries: 50 })).rejects.toThrow(
      message,
    );
    expect(readdirSync(join(out, '..'))).toEqual([]);
  });
});
