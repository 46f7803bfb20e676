import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Each folder imports only from rows above its own. */
const ROWS = [
  ['model', 'lib'],
  ['manifest', 'plan', 'managed-fields'],
  ['verification'],
  ['kinds'],
  ['source', 'docker', 'registry'],
  ['controller'],
  ['triggers', 'api'],
  ['local'],
  ['safe-mode'],
  ['daemon'],
];

/** The clients of the API see nothing of the server but its vocabulary. */
const CLIENT_SIDE = ['commands', 'client'];
const CLIENT_MAY_IMPORT = [...CLIENT_SIDE, 'model', 'lib', 'settings'];

/**
 * The command that is the server, the one that prints what the server checks manifests with, and
 * those that check without a server.
 */
const MAY_ALSO_IMPORT: Record<string, string> = {
  'commands/daemon.ts': 'daemon',
  'commands/schema.ts': 'manifest',
  'commands/doctor.ts': 'local',
  'commands/init.ts': 'local',
  'commands/backup.ts': 'registry',
  'commands/restore.ts': 'registry',
  'commands/verify.ts': 'local',
};

/** Packages that one folder alone may use. */
const CONFINED: Record<string, readonly string[]> = {
  dockerode: ['docker'],
  'docker-modem': ['docker'],
  knex: ['registry', 'migrations'],
  'better-sqlite3': ['registry', 'migrations'],
  'node:child_process': ['source'],
  child_process: ['source'],
  ws: ['api'],
  re2js: ['lib'],
};

interface Import {
  /** Relative to src, such as `docker/client.ts`. */
  readonly file: string;
  readonly specifier: string;
  readonly typesOnly: boolean;
}

const STATEMENT = /(?:import|export)\s+(type\s)?[^;'"]*?from\s*['"]([^'"]+)['"]/g;
const CALL = /(?:import\(|import\s|require\()\s*['"]([^'"]+)['"]/g;

function importsOf(file: string, text: string): Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements = [...code.matchAll(STATEMENT)].map(([, type, specifier = '']) => ({
    file,
    specifier,
    typesOnly: type !== undefined,
  }));
  const calls = [...code.matchAll(CALL)].map(([, specifier = '']) => ({
    file,
    specifier,
    typesOnly: false,
  }));
  return [...statements, ...calls];
}

function sources(folder: string): { file: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ file: name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** `docker` for `docker/client.ts`, `daemon` for `daemon.ts`. */
const folderOf = (file: string): string => (file.split('/')[0] ?? '').replace(/\.ts$/, '');

/** The folder of src that an import leads to, undefined for a package. */
function targetOf({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return folderOf(normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts'));
}

const rowOf = (folder: string): number => ROWS.findIndex((row) => row.includes(folder));

function isAllowed(found: Import): boolean {
  const from = folderOf(found.file);
  const to = targetOf(found);
  if (to === undefined || to === from || to === '..') return true;
  if (MAY_ALSO_IMPORT[found.file] === to) return true;
  if (CLIENT_SIDE.includes(from)) return found.typesOnly || CLIENT_MAY_IMPORT.includes(to);
  // What the daemon is told and what holds otherwise: for the daemon and the command line.
  if (from === 'settings') return rowOf(to) === 0;
  if (to === 'settings') return ['daemon', 'safe-mode'].includes(from);
  // A neighbour's interface may be named, its code not used.
  if (found.typesOnly && rowOf(from) === rowOf(to)) return rowOf(from) > 0;
  return rowOf(to) >= 0 && rowOf(to) < rowOf(from);
}

const all = sources('src');
const imports = all.flatMap(({ file, text }) => importsOf(file, text));
const show = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;

describe('the import rule', () => {
  test('each folder imports only from those above its own', () => {
    expect(imports.filter((found) => !isAllowed(found)).map(show)).toEqual([]);
  });

  test('every folder has a row', () => {
    const known = [...ROWS.flat(), ...CLIENT_SIDE, 'settings'];
    const folders = new Set(all.map(({ file }) => folderOf(file)));
    expect([...folders].filter((folder) => !known.includes(folder))).toEqual([]);
  });

  test('it is seen when it is broken', () => {
    const broken = importsOf('plan/plan.ts', `import { x } from '../docker/client.js';`);
    const fine = importsOf('controller/a.ts', `import type { X } from '../docker/runtime.js';`);
    expect(broken.map(isAllowed)).toEqual([false]);
    expect(fine.map(isAllowed)).toEqual([true]);
    expect(importsOf('client/a.ts', `await import('../api/server.js')`).map(isAllowed)).toEqual([
      false,
    ]);
  });
});

describe('packages that one folder alone uses', () => {
  const inMigrations = sources('migrations').flatMap(({ file, text }) =>
    importsOf(join('migrations', file), text),
  );
  test.each(Object.entries(CONFINED))('%s', (name, folders) => {
    const users = [...imports, ...inMigrations]
      .filter(({ specifier }) => specifier === name || specifier.startsWith(`${name}/`))
      .map(({ file }) => file);
    expect(users.filter((file) => !folders.includes(folderOf(file)))).toEqual([]);
  });
});

test('sources import each other with the ending that Node needs', () => {
  const bare = imports.filter(({ specifier }) => /^\.{1,2}\//.test(specifier));
  expect(bare.filter(({ specifier }) => !specifier.endsWith('.js')).map(show)).toEqual([]);
});

const ANY = /(?::\s*|\bas\s+|<|,\s*|\|\s*)any\b(?=\s*[;,)=>\]|{[]|$)/;

test('nothing is of type any', () => {
  const found = all.flatMap(({ file, text }) =>
    text
      .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
      .split('\n')
      .map((line, index) => ({ where: `${file}:${index + 1}`, line: line.replace(/\/\/.*$/, '') }))
      .filter(({ line }) => ANY.test(line.replaceAll(/'[^']*'|`[^`]*`/g, ''))),
  );
  expect(found.map(({ where, line }) => `${where}:${line}`)).toEqual([]);
});

test('no file gathers what has no name', () => {
  // The command line takes the words of a command from its path, so commands may have an index.
  const named = all.filter(({ file }) => folderOf(file) !== 'commands');
  const vague = named.filter(({ file }) =>
    /(?:^|\/)(?:utils?|helpers?|common|index)\.ts$/.test(file),
  );
  expect(vague.map(({ file }) => file)).toEqual([]);
});

test.each(['x: any;', 'x as any)', 'Array<any>', 'Map<string, any>', '(x: any) =>', 'x: any[]'])(
  'the type any is seen in %s',
  (text) => expect(text).toMatch(ANY),
);
