import type { Volume } from '../model/volumes.js';
import type { Finding } from './finding.js';
import { duplicates, invalid, type Holder } from './rule.js';

/** What is wrong with a volume, at its place in the list, whose files are in a Secret. */
export function secretFindings({ hostPath, secret }: Volume, index: number): Finding[] {
  if (secret === undefined) return [];
  const volume = ['spec', 'volumes', index];
  const files = (secret.items ?? []).map(({ path }, item) => ({
    path: [...volume, 'secret', 'items', item, 'path'],
    value: path,
  }));
  return [
    ...(hostPath === undefined ? [] : [invalid(volume, 'at most one of hostPath and secret')]),
    ...files.flatMap((file) => fileFindings(file, files)),
    ...duplicates(files),
  ];
}

function fileFindings({ path, value }: Holder, files: readonly Holder[]): Finding[] {
  const leadsAway = value.split('/').some((part) => part === '.' || part === '..');
  if (leadsAway) return [invalid(path, 'a path without "." and ".."', value)];
  const isFolder = files.some((other) => other.value.startsWith(`${value}/`));
  return isFolder ? [invalid(path, 'a path that is not a folder of another file', value)] : [];
}
