import { fieldsOf, objectsOf, textOf } from './json-reading.js';
import { pathIn, severityOf, vulnerability } from './scanner.js';
import type { Scanner } from './scanner.js';

/** Grype of Anchore. */
export const GRYPE: Scanner = {
  name: 'grype',
  args: (folder) => [`dir:${folder}`, '--output', 'json', '--quiet'],
  done: [0],
  read(json, folder) {
    const { matches } = fieldsOf(json);
    if (!Array.isArray(matches)) return undefined;
    return objectsOf(matches).map((match) => {
      const known = fieldsOf(match['vulnerability']);
      const artifact = fieldsOf(match['artifact']);
      const { versions } = fieldsOf(known['fix']);
      const fixes = Array.isArray(versions) ? (versions as unknown[]).map(textOf) : [];
      return vulnerability({
        id: textOf(known['id']),
        package: textOf(artifact['name']),
        version: textOf(artifact['version']),
        severity: severityOf(textOf(known['severity'])),
        fixedIn: fixes.join(', '),
        file: pathIn(folder, textOf(objectsOf(artifact['locations'])[0]?.['path'])),
      });
    });
  },
};
