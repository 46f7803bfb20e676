import type { ModuleVersion } from '../../kinds/module-version/schema.js';
import { ageOf } from '../../lib/duration.js';
import { MODULE_VERSION } from '../../model/kinds.js';
import { qualifiedName } from '../resource.js';
import { listOf, renderDocument } from './document.js';

export const VERSION_FORMATS = ['json', 'yaml', 'name'] as const;
export type VersionFormat = (typeof VERSION_FORMATS)[number];

/** Versions in one of the formats that are not a table. */
export async function renderVersions(
  versions: readonly ModuleVersion[],
  format: VersionFormat,
): Promise<string> {
  if (format !== 'name') return renderDocument(listOf(versions), format);
  return versions.map(({ metadata }) => qualifiedName(MODULE_VERSION, metadata.name)).join('\n');
}

export const VERSION_HEADER = ['VERSION', 'COMMIT', 'PUBLISHED', 'SIZE', 'DOWNLOADS', 'STATE'];

/** `now` in milliseconds since 1970. */
export function versionRow({ spec, status }: ModuleVersion, now: number): string[] {
  const published = `${ageOf(spec.publishedAt, now)} ago`;
  const size = sizeText(spec.packageBytes);
  return [
    spec.version,
    spec.commit.slice(0, 7),
    published,
    size,
    String(status.downloads),
    stateOf(status),
  ];
}

function stateOf({ yanked, deprecated }: ModuleVersion['status']): string {
  if (yanked !== undefined) return `Yanked: ${yanked.reason}`;
  return deprecated === undefined ? 'Published' : `Deprecated: ${deprecated.reason}`;
}

export const SEARCH_HEADER = ['NAME', 'VERSION', 'TYPE', 'AUTHOR', 'DOWNLOADS', 'DESCRIPTION'];

/** A module by its newest version, with the downloads of all. */
export const searchRow = ({ spec }: ModuleVersion, downloads: number): string[] => [
  ...[spec.module, spec.version, spec.type, spec.author, String(downloads)],
  firstLine(spec.description),
];

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

/** `1.4MiB`, `512B`. */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const amount = bytes / 1024 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)}${UNITS[power] ?? ''}`;
}
