import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { inFolder } from '../../verification/tree/tree-path.js';
import type { Tree } from '../../verification/tree/tree.js';
import { fieldProblem } from './field-problem.js';
import type { Found } from './found.js';
import { plainText, textFile } from './text-file.js';

/** What the description of a package says of what it is. */
export interface PackageFacts {
  readonly name: Found | undefined;
  readonly version: Found | undefined;
  readonly description: Found | undefined;
  readonly author: Found | undefined;
  readonly license: Found | undefined;
}

type Read = (text: string) => Promise<JsonObject>;

const FILES: Readonly<Record<string, Read>> = {
  'package.json': async (text) => objectIn(JSON.parse(text)),
  'pyproject.toml': async (text) => {
    const { parse } = await import('smol-toml');
    return objectIn(objectIn(parse(text))['project']);
  },
};

/** Each value from the first of the files in a folder that has a good one. */
export async function packageFacts(tree: Tree, folder: string): Promise<PackageFacts> {
  const all: PackageFacts[] = [];
  for (const [name, read] of Object.entries(FILES)) {
    const text = textFile(tree, inFolder(folder, name));
    if (text !== undefined) all.push(factsOf(await read(text).catch(() => ({})), name));
  }
  const first = (key: keyof PackageFacts): Found | undefined =>
    all.map((one) => one[key]).find((found) => found !== undefined);
  return {
    name: first('name'),
    version: first('version'),
    description: first('description'),
    author: first('author'),
    license: first('license'),
  };
}

function factsOf(fields: JsonObject, from: string): PackageFacts {
  const found = (value: string | undefined): Found | undefined =>
    value === undefined ? undefined : { value, from };
  const good = (field: 'version' | 'license', value: unknown): Found | undefined => {
    const text = plainText(value);
    return text === undefined || fieldProblem(field, text) !== undefined ? undefined : found(text);
  };
  const { license, author, authors } = fields;
  return {
    name: found(plainText(fields['name'])),
    version: good('version', fields['version']),
    description: found(plainText(fields['description'])),
    author: found(personIn(author) ?? personIn(Array.isArray(authors) ? authors[0] : undefined)),
    license: good('license', isJsonObject(license) ? license['text'] : license),
  };
}

/** `Name <address>` for a text of that form, or for an object with both. */
function personIn(value: unknown): string | undefined {
  if (!isJsonObject(value)) return plainText(value);
  const [name, email] = [plainText(value['name']), plainText(value['email'])];
  if (name === undefined || email === undefined) return name ?? email;
  return plainText(`${name} <${email}>`);
}

const objectIn = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
