import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { tar } from '../../bin/lib/tar.js';
import { docker } from './engine.js';

const SCRIPTS = ['server.js', 'client.js'] as const;
const FOLDER = join(import.meta.dirname, '../fixtures/node-image');

/** What looks up names: the C library loads these when it is first asked to. */
const RESOLVERS = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/**
 * Reference of an image with the Node.js that runs this, which can look up names, unlike a static
 * busybox: `/server.js WORD` and `/client.js`, see the fixtures. Made once an engine, and stays there.
 */
export async function nodeImage(): Promise<string> {
  const scripts = SCRIPTS.map((name) => [name, readFileSync(join(FOLDER, name))] as const);
  const hash = createHash('sha256').update(process.version);
  for (const [, content] of scripts) hash.update(content);
  const repo = 'registrar-sample/node';
  const tag = hash.digest('hex').slice(0, 12);
  const engine = docker();
  const found = await engine.listImages({ filters: { reference: [`${repo}:${tag}`] } });
  if (found.length > 0) return `${repo}:${tag}`;
  const files = [
    ...(await programFiles()),
    ...scripts.map(([path, content]) => ({ path, content })),
    { path: 'package.json', content: Buffer.from('{"type":"module"}') },
    { path: 'etc/nsswitch.conf', content: Buffer.from('hosts: files dns\n') },
  ];
  const archive = tar(files.map((file) => ({ type: 'file', mode: 0o755, ...file })));
  const made = await engine.importImage(Readable.from([archive]), {
    ...{ repo, tag, changes: 'USER 65532:65532' },
  });
  await text(made);
  return `${repo}:${tag}`;
}

/** The program and what it is linked to, at their own places. */
async function programFiles(): Promise<{ path: string; content: Buffer }[]> {
  const { stdout } = await promisify(execFile)('ldd', [process.execPath]);
  const libraries = [...stdout.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path = '']) => path);
  const libc = libraries.find((path) => path.includes('libc.so')) ?? '';
  const resolvers = RESOLVERS.map((name) => join(libc, '..', name));
  const paths = [...new Set([...libraries, ...resolvers])];
  return [
    { path: 'usr/bin/node', content: readFileSync(realpathSync(process.execPath)) },
    ...paths.map((path) => ({ path: path.slice(1), content: readFileSync(path) })),
  ];
}
