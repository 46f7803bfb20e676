import { fieldsOf, objectsOf, textOf } from './json-reading.js';
import { pathIn, severityOf, vulnerability } from './scanner.js';
import type { Scanner } from './scanner.js';

/** Trivy of Aqua Security; its JSON has the schema version 2. */
export const TRIVY: Scanner = {
  name: 'trivy',
  args: (folder) => [
    ...['filesystem', '--format', 'json', '--quiet', '--scanners', 'vuln', '--', folder],
  ],
  done: [0],
  read(json, folder) {
    const report = fieldsOf(json);
    // A report in which nothing was found has no results at all.
    if (typeof report['SchemaVersion'] !== 'number') return undefined;
    return objectsOf(report['Results']).flatMap(({ Target, Vulnerabilities }) =>
      objectsOf(Vulnerabilities).map((one) =>
        vulnerability({
          id: textOf(one['VulnerabilityID']),
          package: textOf(one['PkgName']),
          version: textOf(one['InstalledVersion']),
          severity: severityOf(textOf(one['Severity'])),
          fixedIn: textOf(one['FixedVersion']),
          file: pathIn(folder, textOf(Target)),
        }),
      ),
    );
  },
};
