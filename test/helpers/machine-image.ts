import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { findProgram } from '../../bin/lib/apt.js';
import { docker } from './engine.js';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(process.env['HOME'] ?? '/root', '.npm');

/** What the steps of our Dockerfile run, and what the daemon does. */
const PROGRAMS = [
  ...['sh', 'env', 'id', 'cat', 'ls', 'mkdir', 'rm', 'cp', 'mv', 'ln', 'install', 'chmod', 'flock'],
  ...['tar', 'gzip', 'uname', 'which', 'groupadd', 'useradd', 'git', 'gpg', 'gpg-agent', 'ssh'],
  ...['node', 'npm'],
];
/** Loaded when names are looked up. */
const RESOLVERS = ['libnss_files.so.2', 'libnss_dns.so.2'];

/** Why there can be none; undefined when it can. */
export function lackForMachineImage(): string | undefined {
  const missing = PROGRAMS.find((name) => findProgram(name) === undefined);
  if (missing !== undefined) return `There is no ${missing}`;
  return existsSync(join(CACHE, '_cacache')) ? undefined : 'npm has nothing in its cache';
}

/**
 * Reference of an image with the programs of this machine, and npm's cache: it stands in for an image
 * of Node.js where none can be pulled. There is no network, so its apt-get installs nothing: git and
 * the others are there. Gone with the test.
 */
export async function machineImage(): Promise<string> {
  const reference = `registrar-test-machine:${process.pid}`;
  const [repo, tag] = reference.split(':');
  const extra = extraFiles();
  const programs = PROGRAMS.map((name) => findProgram(name) ?? '');
  const npm = dirname(dirname(realpathSync(findProgram('npm') ?? '')));
  const found = [...programs, ...libraries(programs)].flatMap(withTarget);
  const files = [...new Set(found.filter((path) => !path.startsWith(npm))), npm];
  const transform = `s,^${CACHE.slice(1)}/,npm-cache/,`;
  const args = ['-c', '--transform', transform, '-C', '/', ...files.map((path) => path.slice(1))];
  const archive = spawn('tar', [...args, `${CACHE.slice(1)}/_cacache`, '-C', extra, '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await text(await docker().importImage(archive.stdout, { repo, tag }));
  onTestFinished(() => docker().getImage(reference).remove({ force: true }));
  return reference;
}

/** A link and what it leads to. A folder of the way may be a link, too: there is one /usr. */
function withTarget(path: string): string[] {
  const place = join(realpathSync(dirname(path)), path.slice(dirname(path).length));
  return [place, realpathSync(path)];
}

function libraries(programs: readonly string[]): string[] {
  const found = programs.flatMap((program) => {
    const linked = ldd(realpathSync(program));
    return [...linked.matchAll(/(?:=> |^\s+)(\/\S+)/gm)].map(([, path = '']) => path);
  });
  const libc = found.find((path) => path.includes('libc.so')) ?? '';
  const linked = nativeFiles().flatMap((file) => [...ldd(file).matchAll(/=> (\/\S+)/g)]);
  const native = linked.map(([, path = '']) => path);
  const beside = RESOLVERS.map((name) => join(dirname(libc), name));
  return [...new Set([...found, ...native, ...beside.filter((path) => existsSync(path))])];
}

/** Empty for a script. */
function ldd(file: string): string {
  try {
    return execFileSync('ldd', [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

/** Of the database's addon and of the bundler. */
function nativeFiles(): string[] {
  const folders = ['better-sqlite3/build/Release', '@rolldown'].map((name) =>
    join(ROOT, 'node_modules', name),
  );
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.node'))
      .map((name) => join(folder, name)),
  );
}

/** What is in it besides programs of this machine. */
function extraFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-machine-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['etc', 'root', 'tmp', 'usr/bin', 'prebuilds', 'var/lib']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    symlinkSync(`usr/${name}`, join(folder, name));
  const write = (path: string, content: string): void =>
    writeFileSync(join(folder, path), content, { mode: 0o755 });
  write('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
  write('etc/group', 'root:x:0:\n');
  write('etc/login.defs', '');
  write('root/.npmrc', 'offline=true\ncache=/npm-cache\n');
  write('root/.prebuild-installrc', '{"local-prebuilds":"/prebuilds"}');
  write('usr/bin/apt-get', '#!/bin/sh\n');
  packAddon(folder);
  return folder;
}

/** The compiled addon, where its installer looks before it asks the network or compiles. */
function packAddon(folder: string): void {
  const root = join(ROOT, 'node_modules/better-sqlite3');
  const version = execFileSync('node', ['-p', `require("${root}/package.json").version`]);
  const { platform, arch, versions } = process;
  const name = `better-sqlite3-v${String(version).trim()}-node-v${versions.modules}-${platform}-${arch}.tar.gz`;
  execFileSync('tar', [
    'czf',
    join(folder, 'prebuilds', name),
    '-C',
    root,
    'build/Release/better_sqlite3.node',
  ]);
}
