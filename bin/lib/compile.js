import { createHash } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './paths.js';
import { mustRun } from './run.js';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.built-from');
const MANIFEST = join(ROOT, 'oclif.manifest.json');
const SOURCES = ['src', 'migrations'];
const SETTINGS = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** @param {string} folder @returns {string[]} paths of all files below it */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Changes with every edit of what goes into dist. */
function fingerprint() {
  const inputs = [
    ...SOURCES.flatMap((name) => filesBelow(join(ROOT, name))),
    ...SETTINGS.map((name) => join(ROOT, name)),
  ];
  const lines = inputs.map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  });
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** @param {string} current */
function isBuiltFrom(current) {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === current && existsSync(MANIFEST);
}

/** Compiled files of sources that are gone would still be found as commands and migrations. */
function removeStale() {
  if (!existsSync(DIST)) return;
  const outputs = filesBelow(DIST).filter((path) => /\.js(\.map)?$/.test(path));
  for (const path of outputs) {
    const source = join(ROOT, relative(DIST, path).replace(/\.js(\.map)?$/, '.ts'));
    if (!existsSync(source)) rmSync(path);
  }
}

/** Lists all commands with their flags, so that the command line need not load them to start. */
async function writeManifest() {
  rmSync(MANIFEST, { force: true });
  const { Plugin } = await import('@oclif/core/config');
  const plugin = new Plugin({
    root: ROOT,
    type: 'core',
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  writeFileSync(`${MANIFEST}.tmp`, JSON.stringify(plugin.manifest));
  renameSync(`${MANIFEST}.tmp`, MANIFEST);
}

/** Compiles src and migrations into dist, unless nothing has changed. */
export async function compile() {
  const current = fingerprint();
  if (isBuiltFrom(current)) return;
  rmSync(STAMP, { force: true });
  removeStale();
  await mustRun(join(ROOT, 'node_modules', '.bin', 'tsc'), []);
  await writeManifest();
  writeFileSync(STAMP, current);
}
