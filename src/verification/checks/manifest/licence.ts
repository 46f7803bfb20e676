import parseSpdx from 'spdx-expression-parse';
import type { Info, LicenseInfo } from 'spdx-expression-parse';
import satisfies from 'spdx-satisfies';
import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import { check } from '../../check.js';

/**
 * Licences that are in wide use and that anybody may run a program under: those that ask for
 * nothing but a notice, and those that ask to share changes, which running it is not.
 */
const COMMON = [
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'Zlib'],
  ...['Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0', 'PostgreSQL', 'UPL-1.0'],
  ...['Artistic-2.0', 'MPL-2.0', 'EPL-2.0', 'EUPL-1.2', 'LGPL-2.1-or-later', 'LGPL-3.0-or-later'],
  ...['GPL-2.0-or-later', 'GPL-3.0-or-later', 'AGPL-3.0-or-later'],
];

/** The licence lets the operator run the module. */
export const LICENCE = check({
  id: 'manifest/license',
  title: 'The licence is an allowed one',
  severity: 'low',
  mode: 'warn',
  about: 'manifest',
  why: 'A program without a licence that is understood may not be run, or not for money.',
  remedy: 'Use a module with an allowed licence, or allow its licence in the policy',
  parameters: Type.Object({
    allowed: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      default: COMMON,
      maxItems: 500,
      description: 'SPDX identifiers, LicenseRef-… and NOASSERTION; -or-later takes later ones too',
    }),
  }),
  run({ manifest: { spec } }, { allowed }) {
    if (isSatisfied(spec.license, allowed)) return [];
    const message = `"${printable(spec.license)}" is not satisfied by the allowed licences`;
    return [{ field: 'spec.license', message }];
  },
});

function isSatisfied(expression: string, allowed: readonly string[]): boolean {
  if (expression === 'NOASSERTION') return allowed.includes(expression);
  const known = allowed.filter(isKnown);
  return holds(parseSpdx(expression), (licence) =>
    isKnown(licence) ? satisfies(licence, known) : allowed.includes(licence),
  );
}

/**
 * One licence at a time: the library writes an expression out, which a short hostile one makes take
 * for ever, and fails for `LicenseRef-…`.
 */
function holds(info: Info, isAllowed: (licence: string) => boolean): boolean {
  if ('license' in info) return isAllowed(nameOf(info));
  const { conjunction, left, right } = info;
  if (conjunction === 'and') return holds(left, isAllowed) && holds(right, isAllowed);
  return holds(left, isAllowed) || holds(right, isAllowed);
}

/** Without its exception, which only ever permits more. */
const nameOf = ({ license, plus }: LicenseInfo): string =>
  plus === true ? `${license}+` : license;

/** Whether a text is one licence of the SPDX list. */
function isKnown(text: string): boolean {
  try {
    const info = parseSpdx(text);
    return 'license' in info && !/Ref-/.test(info.license);
  } catch {
    return false;
  }
}
