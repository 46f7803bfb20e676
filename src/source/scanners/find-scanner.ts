import { isInstalled } from '../is-installed.js';
import { GRYPE } from './grype.js';
import { OSV_SCANNER } from './osv-scanner.js';
import type { Scanner } from './scanner.js';
import { TRIVY } from './trivy.js';

/** In the order in which they are preferred: the first two also work without the network. */
const SCANNERS: readonly Scanner[] = [TRIVY, GRYPE, OSV_SCANNER];

/** The scanner that is installed on a search path, the preferred one of several. */
export async function findScanner(searchPath: string): Promise<Scanner | undefined> {
  for (const scanner of SCANNERS) {
    if (await isInstalled(scanner.name, searchPath)) return scanner;
  }
  return undefined;
}
