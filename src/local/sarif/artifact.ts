import { isAbsolute } from 'node:path';
import type { ArtifactLocation } from 'sarif';

/** Half of a character, which no URI can have. */
const BROKEN = /\p{Cs}/gu;

/** A file as SARIF names it: a URI, relative where the path is. */
export function artifactAt(path: string): ArtifactLocation {
  const parts = path.replaceAll(BROKEN, '\ufffd').split('/');
  const uri = parts.map((part) => encodeURIComponent(part)).join('/');
  return { uri: isAbsolute(path) ? `file://${uri}` : uri };
}
