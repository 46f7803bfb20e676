import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../../lib/printable.js';
import { MAX_JSON_BYTES } from '../../lib/yaml.js';
import { RegistrarError } from '../../model/errors.js';
import { GROUP } from '../../model/names.js';
import type { ManifestText } from './declared-texts.js';

/** What the manifest of a module is called that lies beside its code; the first that is there. */
const NAMES = ['registrar.yaml', 'registrar.yml', 'module.yaml', 'module.yml'];
const ENDING = /\.(?:ya?ml|json)$/i;
/** Files with such an ending that are looked into; more is no place for a manifest. */
const MAX_FILES = 200;
const MAX_NAMED = 5;

/** A text that means to declare a module, whether it does so well or not. */
const declaresModule = (text: string): boolean =>
  text.includes(GROUP) && /^\s*["']?kind["']?\s*:\s*["']?Module\b/m.test(text);

/**
 * The manifest in a folder: one with a name of its own, else the only one. BAD_REQUEST when there is
 * none, or several.
 */
export async function findManifest(folder: string): Promise<ManifestText> {
  for (const name of NAMES) {
    const text = await textOf(folder, name);
    if (text !== undefined) return { name, text };
  }
  const found = await modulesIn(folder);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw refusal(folder, found);
}

async function modulesIn(folder: string): Promise<ManifestText[]> {
  const names = (await readdir(folder)).filter((name) => ENDING.test(name)).toSorted();
  const found: ManifestText[] = [];
  for (const name of names.slice(0, MAX_FILES)) {
    const text = await textOf(folder, name);
    if (text !== undefined && declaresModule(text)) found.push({ name, text });
  }
  return found;
}

/** Undefined for what is no file of a size that manifests have. */
async function textOf(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  const stats = await lstat(path).catch(() => undefined);
  if (stats?.isFile() !== true || stats.size > MAX_JSON_BYTES) return undefined;
  return readFile(path, 'utf8');
}

function refusal(folder: string, found: readonly ManifestText[]): RegistrarError {
  const where = printable(folder);
  if (found.length === 0) {
    const message = `There is no manifest of a module in "${where}"; name one with -f, or write one with "registrar init"`;
    return new RegistrarError('BAD_REQUEST', message);
  }
  const names = found.slice(0, MAX_NAMED).map(({ name }) => `"${printable(name)}"`);
  const message = `There are several manifests of modules in "${where}", such as ${names.join(', ')}; name one with -f`;
  return new RegistrarError('BAD_REQUEST', message);
}
