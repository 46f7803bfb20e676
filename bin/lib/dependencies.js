import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { canInstall, findProgram, install } from './apt.js';
import { ROOT } from './paths.js';
import { mustRun, outputOf, say } from './run.js';

const MODULES = join(ROOT, 'node_modules');
const ADDON = join('build', 'Release', 'better_sqlite3.node');

/** @param {string} path @returns {any} */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** True when node_modules holds what package-lock.json asks for, by npm's own note in it. */
function isInstalled() {
  const note = join(MODULES, '.package-lock.json');
  if (!existsSync(note)) return false;
  const present = readJson(note).packages;
  const wanted = readJson(join(ROOT, 'package-lock.json')).packages;
  /** @param {string} path */
  const isRight = (path) => {
    const found = present[path];
    return found === undefined ? wanted[path].optional : found.version === wanted[path].version;
  };
  return Object.keys(wanted).every((path) => path === '' || isRight(path));
}

/** True when the database addon was compiled for this Node. */
function addonLoads() {
  try {
    const Database = createRequire(join(ROOT, 'package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

/** better-sqlite3 has no ready-made addon for Node 20 and is compiled there. */
async function ensureCompiler() {
  const missing = ['make', 'g++', 'python3'].filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  if (canInstall()) return install(['build-essential', 'python3']);
  say(`Warning: ${missing.join(', ')} not found, compiling the database addon may fail`);
}

/**
 * Keeps the compiled addon where the package's installer looks first, so that the next clone on this
 * machine does not compile for a minute. The name of the file is what the installer makes of the
 * address it would download from.
 */
async function cacheAddon() {
  const cache = (await outputOf('npm', ['config', 'get', 'cache']))?.trim();
  if (!cache || !existsSync(join(MODULES, 'better-sqlite3', ADDON))) return;
  const { version } = readJson(join(MODULES, 'better-sqlite3', 'package.json'));
  const { platform, arch, versions } = process;
  const file = `better-sqlite3-v${version}-node-v${versions.modules}-${platform}-${arch}.tar.gz`;
  const url = `https://github.com/WiseLibs/better-sqlite3/releases/download/v${version}/${file}`;
  const hash = createHash('sha512').update(url).digest('hex').slice(0, 6);
  const folder = join(cache, '_prebuilds');
  const target = join(folder, `${hash}-${basename(url).replace(/[^a-zA-Z0-9.]+/g, '-')}`);
  if (existsSync(target)) return;
  mkdirSync(folder, { recursive: true });
  await outputOf('tar', ['czf', target, '-C', join(MODULES, 'better-sqlite3'), ADDON]);
}

/** Installs what package-lock.json lists, unless it is there. */
export async function ensureDependencies() {
  const installed = isInstalled();
  if (installed && addonLoads()) return;
  await ensureCompiler();
  say(installed ? 'Compiling the database addon' : 'Installing dependencies');
  await (installed ? mustRun('npm', ['rebuild', 'better-sqlite3']) : mustRun('npm', ['ci']));
  await cacheAddon();
}
