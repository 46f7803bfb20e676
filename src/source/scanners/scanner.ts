import type { Severity } from '../../model/verification.js';
import type { KnownVulnerability } from '../../verification/subjects.js';

/** A program that knows which versions of packages have vulnerabilities. */
export interface Scanner {
  readonly name: 'trivy' | 'grype' | 'osv-scanner';
  /** What it is told to look at a folder, and to write what it finds as JSON. */
  args(folder: string): readonly string[];
  /** Exit codes that say that it has looked. */
  readonly done: readonly number[];
  /** What it found; undefined when the JSON is of another shape than it writes. */
  read(json: unknown, folder: string): KnownVulnerability[] | undefined;
}

/** Words for severities, as each of them writes them. */
const WORDS: Readonly<Record<string, Severity>> = {
  ...{ critical: 'critical', high: 'high', medium: 'medium', moderate: 'medium' },
  ...{ low: 'low', negligible: 'low' },
};

/** What a severity is called here. */
export const severityOf = (word: string): Severity | 'unknown' =>
  WORDS[word.toLowerCase()] ?? 'unknown';

/** A path as it is from the folder that was looked at. */
export function pathIn(folder: string, path: string): string {
  const plain = path.startsWith(folder) ? path.slice(folder.length) : path;
  return plain.replace(/^\/+/, '');
}

/** The fields that are known, without those that are empty. */
export function vulnerability(
  one: Omit<KnownVulnerability, 'fixedIn' | 'file'> & { fixedIn: string; file: string },
): KnownVulnerability {
  const { fixedIn, file, ...known } = one;
  return { ...known, ...(fixedIn !== '' && { fixedIn }), ...(file !== '' && { file }) };
}
