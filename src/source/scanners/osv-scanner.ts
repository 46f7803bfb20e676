import type { KnownVulnerability } from '../../verification/subjects.js';
import { fieldsOf, objectsOf, textOf } from './json-reading.js';
import { pathIn, severityOf, vulnerability } from './scanner.js';
import type { Scanner } from './scanner.js';

type Fields = Readonly<Record<string, unknown>>;

/** OSV-Scanner, versions 1 and 2. It ends with 1 when it found some, with 128 without packages. */
export const OSV_SCANNER: Scanner = {
  name: 'osv-scanner',
  args: (folder) => ['scan', '--format', 'json', '--recursive', folder],
  done: [0, 1, 128],
  read(json, folder) {
    const { results } = fieldsOf(json);
    if (results !== null && !Array.isArray(results)) return undefined;
    return objectsOf(results).flatMap(({ source, packages }) => {
      const file = pathIn(folder, textOf(fieldsOf(source)['path']));
      return objectsOf(packages).flatMap((one) => ofPackage(one, file));
    });
  },
};

function ofPackage(one: Fields, file: string): KnownVulnerability[] {
  const { name, version } = fieldsOf(one['package']);
  const about = { package: textOf(name), version: textOf(version), file };
  return objectsOf(one['vulnerabilities']).map((known) => {
    const id = textOf(known['id']);
    const severity = scored(one, id) ?? severityOf(worded(known));
    return vulnerability({ ...about, id, severity, fixedIn: fixIn(known) });
  });
}

const worded = (known: Fields): string => textOf(fieldsOf(known['database_specific'])['severity']);

/** By the score of its group, in the bands of CVSS 3. */
function scored(one: Fields, id: string): KnownVulnerability['severity'] | undefined {
  const group = objectsOf(one['groups']).find(
    ({ ids }) => Array.isArray(ids) && (ids as unknown[]).includes(id),
  );
  const text = textOf(group?.['max_severity']);
  const score = Number(text);
  if (text === '' || !Number.isFinite(score) || score <= 0) return undefined;
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

const fixIn = (known: Fields): string =>
  objectsOf(known['affected'])
    .flatMap(({ ranges }) => objectsOf(ranges))
    // Commits of git say nothing about a version.
    .filter(({ type }) => type !== 'GIT')
    .flatMap(({ events }) => objectsOf(events))
    .map(({ fixed }) => textOf(fixed))
    .find((version) => version !== '') ?? '';
