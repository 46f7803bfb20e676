import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { GRYPE } from './grype.js';
import { OSV_SCANNER } from './osv-scanner.js';
import type { Scanner } from './scanner.js';
import { TRIVY } from './trivy.js';

/** In the order in which they are preferred: the first two also work without the network. */
const SCANNERS: readonly Scanner[] = [TRIVY, GRYPE, OSV_SCANNER];

/** The scanner that is installed on a search path, the preferred one of several. */
export async function findScanner(searchPath: string): Promise<Scanner | undefined> {
  const folders = searchPath.split(delimiter).filter((folder) => isAbsolute(folder));
  for (const scanner of SCANNERS) {
    for (const folder of folders) {
      if (await isExecutable(join(folder, scanner.name))) return scanner;
    }
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
