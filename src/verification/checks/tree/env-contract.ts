import { posix } from 'node:path';
import { printable } from '../../../lib/printable.js';
import type { Problem } from '../../../model/verification.js';
import { check, NotApplicable } from '../../check.js';
import type { TreeSubject } from '../../subjects.js';
import { envLines } from '../../tree/env-lines.js';
import type { EnvLine } from '../../tree/env-lines.js';
import { baseOf, parentOf } from '../../tree/tree-path.js';
import { standsForAnother } from './secrets/placeholder.js';

/** `.env.example`, `env.template`, `example.env`. */
const EXAMPLE =
  /^\.?env\.(?:example|sample|template|tmpl|dist)$|^\.?(?:example|sample|template)\.env$/i;

const MAX_BYTES = 256 * 1024;

/** What a module says it needs in its environment is given. */
export const ENV_CONTRACT = check({
  id: 'tree/env-contract',
  title: 'Variables that the source asks for have a value',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'A module without a variable it needs ends at its start, or runs with what it makes up.',
  remedy: 'Set the variable in spec.env, or give it a value in the example when it can be left out',
  run(subject) {
    const examples = examplesOf(subject);
    if (examples.length === 0) throw new NotApplicable('No example says what it needs');
    const given = givenTo(subject);
    return examples.flatMap(({ file, lines }) =>
      lines
        .filter(({ name, value }) => isOpen(value) && !given.has(name))
        .map(({ name, line }): Problem => {
          const message = `Nothing sets "${printable(name)}", which the example leaves open`;
          return { ...{ file, line, message }, field: 'spec.env' };
        }),
    );
  },
});

/** One with a value can be left out: the value is what there is without it. */
const isOpen = (value: string): boolean => value === '' || standsForAnother(value);

function examplesOf({ tree, manifest }: TreeSubject): { file: string; lines: EnvLine[] }[] {
  const path = posix.normalize(manifest.spec.source?.path ?? '.').replace(/\/$/, '');
  const folder = path === '.' ? '' : path;
  return tree.entries
    .filter(({ type, path: file }) => type === 'file' && parentOf(file) === folder)
    .filter(({ path: file }) => EXAMPLE.test(baseOf(file)))
    .map(({ path: file }) => ({
      file,
      lines: envLines(tree.read(file, MAX_BYTES).toString('utf8')),
    }));
}

/** By the manifest, or by an ENV of the Dockerfile. */
function givenTo({ manifest, dockerfile }: TreeSubject): ReadonlySet<string> {
  const inImage = dockerfile?.instructions
    .filter(({ keyword, stage }) => keyword === 'ENV' && stage === dockerfile.stages.length - 1)
    .flatMap(({ pairs }) => pairs.map(({ name }) => name));
  return new Set([...manifest.spec.env.map(({ name }) => name), ...(inImage ?? [])]);
}
