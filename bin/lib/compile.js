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
import { bundle } from './bundle.js';
import { ROOT } from './paths.js';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.built.json');
const MANIFEST = join(ROOT, 'oclif.manifest.json');
const SOURCES = ['src', 'migrations'];
const SETTINGS = ['package.json', 'package-lock.json', 'bin/lib/bundle.js', 'bin/lib/compile.js'];

/** @typedef {{ from: string, files: string[] }} Built the sources by their fingerprint, and what was made of them */

/** @param {string} folder @returns {string[]} paths of all files below it */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
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

/** @returns {Built | undefined} the last build that came to its end */
function lastBuild() {
  return existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : undefined;
}

/**
 * Removes what neither this build nor the one before it has made. Daemons run on while a new one is
 * built, and still load from the one they were started from.
 *
 * @param {readonly string[]} wanted
 */
function removeAllBut(wanted) {
  for (const path of filesBelow(DIST)) {
    if (!wanted.includes(relative(DIST, path))) rmSync(path);
  }
}

/** The programs: a file for each command, where the command line finds it, and what has no command. */
function programs() {
  const names = filesBelow(join(ROOT, 'src/commands')).map((path) =>
    relative(join(ROOT, 'src'), path).replace(/\.ts$/, ''),
  );
  return {
    ...Object.fromEntries(names.map((name) => [name, join(ROOT, 'src', `${name}.ts`)])),
    'command-line': join(ROOT, 'src/client/command-line.ts'),
    'command-not-found': join(ROOT, 'src/client/command-not-found.ts'),
    // Found beside the file that starts it.
    worker: join(ROOT, 'src/verification/worker.ts'),
  };
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

/** Makes dist of src and migrations, unless nothing has changed. */
export async function compile() {
  const from = fingerprint();
  const last = lastBuild();
  if (last?.from === from && existsSync(MANIFEST)) return;
  // A build that fails is none, and does not take the files of the last one from who still loads them.
  if (last !== undefined) writeFileSync(STAMP, JSON.stringify({ ...last, from: '' }));
  const files = await bundle(programs(), DIST);
  removeAllBut([...files, ...(last?.files ?? [])]);
  await writeManifest();
  writeFileSync(STAMP, JSON.stringify({ from, files }));
}
