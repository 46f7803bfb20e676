import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import { SEVERITIES } from '../../../model/verification.js';
import type { Problem } from '../../../model/verification.js';
import { check, NotVerified } from '../../check.js';
import type { KnownVulnerability } from '../../subjects.js';

/** Packages without known weaknesses, as a scanner sees it that is installed. */
export const VULNERABILITIES = check({
  id: 'tree/vulnerabilities',
  title: 'No package that the source names has a known vulnerability',
  severity: 'high',
  mode: 'warn',
  about: 'tree',
  why: 'What is known of a version is tried out on all who run it.',
  remedy:
    'Use the version that has it fixed, or name it in ignore when it does not concern the module',
  parameters: Type.Object({
    least: Type.Enum([...SEVERITIES], {
      type: 'string',
      default: 'high',
      description: 'Severity from which on it counts; one that is not known always does',
    }),
    onlyFixed: Type.Boolean({
      default: false,
      description: 'Whether only those count that a newer version has fixed',
    }),
    ignore: Type.Array(Type.String({ maxLength: 100 }), {
      default: [],
      maxItems: 1000,
      description: 'Ids that do not count, such as CVE-2021-44228',
    }),
  }),
  run({ scan }, { least, onlyFixed, ignore }) {
    if (scan === undefined)
      throw new NotVerified('No scanner is there; install trivy, grype or osv-scanner');
    if (scan.failure !== undefined)
      throw new NotVerified(`${scan.scanner} could not look: ${printable(scan.failure)}`);
    const worst = SEVERITIES.indexOf(least);
    return scan.found
      .filter(({ severity }) => severity === 'unknown' || SEVERITIES.indexOf(severity) <= worst)
      .filter(({ fixedIn }) => !onlyFixed || fixedIn !== undefined)
      .filter(({ id }) => !ignore.includes(id))
      .map((one) => problemOf(one));
  },
});

function problemOf({ file, fixedIn, ...one }: KnownVulnerability): Problem {
  const [id, name, version] = [one.id, one.package, one.version].map((text) =>
    printable(text, 100),
  );
  const fixed = fixedIn === undefined ? 'no fix is known' : `fixed in ${printable(fixedIn, 100)}`;
  const message = `${name} ${version} has ${id} (${one.severity}), ${fixed}`;
  return { ...(file !== undefined && { file: printable(file) }), message };
}
