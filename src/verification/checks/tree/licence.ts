import { printable } from '../../../lib/printable.js';
import type { Problem } from '../../../model/verification.js';
import { check, NotApplicable, NotVerified } from '../../check.js';
import { idsOf, isMet, readDeclared } from '../../licence/declared.js';
import type { Declared } from '../../licence/declared.js';
import { isKnown } from '../../licence/known-licences.js';
import { licenceFiles } from '../../licence/licence-files.js';
import type { LicenceFile } from '../../licence/licence-files.js';
import { recogniseLicence } from '../../licence/recognise.js';
import type { Recognised } from '../../licence/recognise.js';

/** The licence that the manifest says is the one that comes with the code. */
export const LICENCE = check({
  id: 'tree/licence',
  title: 'The licence of the manifest is the one in the source',
  severity: 'high',
  mode: 'enforce',
  about: 'tree',
  why: 'Who runs a module goes by spec.license; what counts is the text that comes with the code.',
  remedy: 'Correct spec.license, or add the text of the licence as the file LICENSE',
  run({ tree, manifest }) {
    const declared = readDeclared(manifest.spec.license);
    if (declared === undefined) throw new NotApplicable('The manifest names no licence');
    const files = licenceFiles(tree, manifest);
    if (files.length === 0) return [{ message: 'The source has no licence file' }];
    return compare(
      declared,
      files.map((file) => ({ ...file, is: recogniseLicence(file.text) })),
    );
  },
});

type Read = LicenceFile & { readonly is: Recognised };

function compare(declared: Declared, files: readonly Read[]): Problem[] {
  const problems = [...files.flatMap(riderIn), ...strangers(declared, files)];
  if (problems.length > 0) return problems;
  const ids = new Set(files.flatMap(({ is: { id } }) => id ?? []));
  if (isMet(declared, ids)) return [];
  const open = files.find(({ is: { id } }) => id === undefined);
  if (open !== undefined)
    throw new NotVerified(`"${printable(open.path)}" is not the text of a licence that is known`);
  const unknown = idsOf(declared).find((id) => !isKnown(id));
  if (unknown !== undefined)
    throw new NotVerified(`The text of ${printable(unknown)} is not known, so nothing is compared`);
  const missing = idsOf(declared).filter((id) => !ids.has(id));
  return [{ field: 'spec.license', message: `The source has no text of ${missing.join(', ')}` }];
}

const riderIn = ({ path: file, is: { id, rider } }: Read): Problem[] =>
  rider === undefined
    ? []
    : [{ file, message: `It is ${id} with other terms in it, "${printable(rider, 40)}"` }];

/** LGPL 3 is written as what it adds to GPL 3, whose text comes with it. */
const COMES_WITH: Readonly<Record<string, string>> = { 'GPL-3.0': 'LGPL-3.0' };

/** The file called just LICENSE is of a licence that the manifest does not name. */
function strangers(declared: Declared, files: readonly Read[]): Problem[] {
  const named = new Set(idsOf(declared));
  return files.flatMap(({ path: file, isMain, is: { id } }): Problem[] => {
    if (id === undefined || !isMain || named.has(id) || named.has(COMES_WITH[id] ?? '')) return [];
    return [{ file, message: `It is ${id}, but spec.license says ${[...named].join(', ')}` }];
  });
}
