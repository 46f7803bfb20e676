import { printable } from '../../lib/printable.js';
import { standsForAnother } from '../../verification/checks/tree/secrets/placeholder.js';
import { inLastImage } from '../../verification/checks/dockerfile/of-instructions.js';
import type { Dockerfile } from '../../verification/dockerfile/dockerfile.js';
import {
  MAX_DOCKERFILE,
  parseDockerfile,
  tooLong,
} from '../../verification/dockerfile/parse-dockerfile.js';
import { licenceFiles } from '../../verification/licence/licence-files.js';
import { recogniseLicence } from '../../verification/licence/recognise.js';
import { envLines } from '../../verification/tree/env-lines.js';
import { baseOf, inFolder, parentOf } from '../../verification/tree/tree-path.js';
import type { Tree } from '../../verification/tree/tree.js';
import { dockerfileFacts } from './dockerfile-facts.js';
import type { Build, Found } from './found.js';
import { textFile } from './text-file.js';

/** Dockerfiles that are looked at; who has more says which. */
const MAX_DOCKERFILES = 20;

/** Paths of the Dockerfiles of a tree: those of `folder` first, then those nearest to the top. */
export function dockerfilePaths(tree: Tree, folder: string): string[] {
  const depth = (path: string): number => path.split('/').length;
  const isOurs = (path: string): number => (parentOf(path) === folder ? 0 : 1);
  return tree.entries
    .filter(({ type, path }) => type === 'file' && baseOf(path) === 'Dockerfile')
    .map(({ path }) => path)
    .toSorted((a, b) => isOurs(a) - isOurs(b) || depth(a) - depth(b) || (a < b ? -1 : 1))
    .slice(0, MAX_DOCKERFILES);
}

/** What is known of the build of one Dockerfile. */
export function buildFacts(tree: Tree, path: string): Build {
  const dockerfile = dockerfileAt(tree, path);
  const folder = parentOf(path);
  const { env, open } = envFacts(tree, folder, dockerfile);
  return {
    dockerfile: path,
    license: licenceOf(tree, folder),
    ...dockerfileFacts(dockerfile),
    env,
    toDo: [...open, ...userToDo(dockerfile), ...licenceToDo(tree, folder)],
  };
}

function dockerfileAt(tree: Tree, path: string): Dockerfile {
  const size = tree.at(path)?.size ?? 0;
  if (size > MAX_DOCKERFILE) return tooLong(path);
  return parseDockerfile(path, tree.read(path, MAX_DOCKERFILE).toString('utf8'));
}

/** What the one licence file is recognised as. */
function licenceOf(tree: Tree, folder: string): Found | undefined {
  const path = folder === '' ? '.' : folder;
  for (const file of licenceFiles(tree, { spec: { source: { path } } })) {
    const { id, rider } = recogniseLicence(file.text);
    if (id !== undefined && rider === undefined)
      return { value: id, from: printable(baseOf(file.path)) };
  }
  return undefined;
}

/** What a manifest says of a licence without a text is refused. */
function licenceToDo(tree: Tree, folder: string): string[] {
  const path = folder === '' ? '.' : folder;
  const hasText = licenceFiles(tree, { spec: { source: { path } } }).length > 0;
  return hasText ? [] : ['Add the text of the licence to the repository, as the file LICENSE'];
}

const EXAMPLES = ['.env.example', '.env.sample', '.env.template', 'env.example', 'example.env'];
/** More variables than any module is told by hand. */
const MAX_VARIABLES = 100;

/** The variables of the example of an env file: those with a value, and sentences for the others. */
function envFacts(
  tree: Tree,
  folder: string,
  dockerfile: Dockerfile,
): { env: Build['env']; open: string[] } {
  const file = EXAMPLES.find((name) => textFile(tree, inFolder(folder, name)) !== undefined);
  if (file === undefined) return { env: [], open: [] };
  const inImage = new Set(
    inLastImage(dockerfile)
      .filter(({ keyword }) => keyword === 'ENV')
      .flatMap(({ pairs }) => pairs.map(({ name }) => name)),
  );
  const lines = envLines(textFile(tree, inFolder(folder, file)) ?? '').slice(0, MAX_VARIABLES);
  const unique = [...new Map(lines.map((line) => [line.name, line])).values()];
  const isOpen = (value: string): boolean => value === '' || standsForAnother(value);
  return {
    env: unique
      .filter(({ value }) => !isOpen(value))
      .map(({ name, value }) => ({ value: { name, value }, from: file })),
    open: unique
      .filter(({ name, value }) => isOpen(value) && !inImage.has(name))
      .map(({ name }) => `Set ${printable(name, 100)} in spec.env; ${file} leaves it open`),
  };
}

/** The module runs as nobody when its image does not say as whom. */
function userToDo(dockerfile: Dockerfile): string[] {
  const user = inLastImage(dockerfile).findLast(({ keyword }) => keyword === 'USER')?.words[0]
    ?.text;
  if (user !== undefined && !/^(?:root|0+)(?::|$)/.test(user)) return [];
  return ['End the Dockerfile with a USER that is not root: it runs as user 65532 otherwise'];
}
