import { createRequire } from 'node:module';
import { bigramsOf } from './bigrams.js';
import type { Bigrams } from './bigrams.js';

/** Licences whose text is recognised: those that modules and their likes are published under. */
const IDS = [
  ...['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BSD-3-Clause-Clear'],
  ...['BSD-4-Clause', 'ISC', '0BSD', 'Unlicense', 'CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0'],
  ...['CC-BY-NC-4.0', 'Zlib', 'BSL-1.0', 'BlueOak-1.0.0', 'UPL-1.0', 'NCSA', 'PostgreSQL'],
  ...['WTFPL', 'Artistic-2.0', 'MPL-2.0', 'EPL-2.0', 'EUPL-1.2', 'MS-PL', 'JSON', 'BUSL-1.1'],
  ...['SSPL-1.0', 'LGPL-2.1-only', 'LGPL-3.0-only', 'GPL-2.0-only', 'GPL-3.0-only'],
  ...['AGPL-3.0-only', 'PSF-2.0', 'Elastic-2.0'],
] as const;

export interface KnownLicence {
  /** As `familyOf` says it. */
  readonly id: string;
  readonly text: string;
  readonly bigrams: Bigrams;
}

/** `GPL-3.0` for `GPL-3.0-only` and `GPL-3.0-or-later`: both have the same text. */
export const familyOf = (id: string): string => id.replace(/-(?:only|or-later)$/, '');

let loaded: readonly KnownLicence[] | undefined;

/**
 * The texts, of the package spdx-license-list. They are loaded with the first licence that is
 * looked at: 36 of its 726 files, in some 30 ms.
 */
export function knownLicences(): readonly KnownLicence[] {
  loaded ??= IDS.map((id) => knownLicence(id, textOf(id)));
  return loaded;
}

const knownLicence = (id: string, text: string): KnownLicence => ({
  ...{ id: familyOf(id), text, bigrams: bigramsOf(text) },
});

const load = createRequire(import.meta.url);

function textOf(id: string): string {
  const { licenseText } = load(`spdx-license-list/licenses/${id}.json`) as { licenseText: string };
  return licenseText;
}

/** Whether a text of that licence, named as by `familyOf`, would be recognised. */
export const isKnown = (id: string): boolean => IDS.some((known) => familyOf(known) === id);
