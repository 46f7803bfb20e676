import { isIP } from 'node:net';
import semver from 'semver';
import parseSpdx from 'spdx-expression-parse';
import { linearPattern } from '../lib/linear-pattern.js';
import { parseUrl } from '../lib/parse-url.js';
import { isVersionRange } from '../model/version-range.js';
import { parseImageReference } from '../model/image-reference.js';

/** Formats of text that the schema names, beyond what a pattern can say. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  semver: isSemanticVersion,
  spdx: isLicence,
  ip: (text) => isIP(text) !== 0,
  'date-time': isTime,
  'linear-pattern': (text) => linearPattern(text) !== undefined,
  'time-zone': isTimeZone,
  'semver-range': isVersionRange,
  'http-url': isHttpUrl,
  'image-reference-or-empty': (text) => text === '' || parseImageReference(text) !== undefined,
};

/** An address that a GET can be sent to: a user in it would be shown, and "#" is not sent. */
function isHttpUrl(text: string): boolean {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:\/\/[\x21-\x7e]+$/.test(text)) return false;
  return url.username === '' && url.password === '' && !text.includes('#');
}

/** Exactly a version: the library would also take a leading `v` and spaces around. */
function isSemanticVersion(text: string): boolean {
  const version = semver.parse(text);
  return version !== null && text === [version.version, ...buildOf(version)].join('+');
}

const buildOf = ({ build }: semver.SemVer): string[] => (build.length > 0 ? [build.join('.')] : []);

/** Longest expression that is parsed: the schema allows no longer one. */
const MAX_LICENCE_LENGTH = 256;

/** An SPDX expression, or NOASSERTION: nobody says what the licence is. */
function isLicence(text: string): boolean {
  if (text.length > MAX_LICENCE_LENGTH) return false;
  if (text === 'NOASSERTION') return true;
  try {
    parseSpdx(text);
    return true;
  } catch {
    return false;
  }
}

/** Also names that the database keeps for older ones. */
function isTimeZone(text: string): boolean {
  try {
    // oxlint-disable-next-line no-new
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function isTime(text: string): boolean {
  return TIME.test(text) && !Number.isNaN(Date.parse(text));
}
