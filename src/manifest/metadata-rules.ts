import type { ObjectMeta } from '../model/meta.js';
import {
  CONFIG_ANNOTATIONS,
  GROUP,
  REGISTRAR_RANGE_ANNOTATION,
  ROLLOUT_ANNOTATIONS,
  UPDATE_NOW_ANNOTATION,
} from '../model/names.js';
import { SET_LABEL } from '../model/owner.js';
import type { Finding } from './finding.js';
import { forbidden, invalid, type Rule } from './rule.js';

/** Kubernetes' limit for all annotations of an object together. */
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

const NAME = /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const PREFIX = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether text may be the key of a label or annotation: `name` or `example.org/name`. */
function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return NAME.test(key);
  return PREFIX.test(key.slice(0, slash)) && NAME.test(key.slice(slash + 1));
}

type MapField = 'labels' | 'annotations';

/** Annotations of ours that a manifest may carry: people set two, and clients write back what they read. */
const OPEN_ANNOTATIONS: ReadonlySet<string> = new Set([
  REGISTRAR_RANGE_ANNOTATION,
  ...ROLLOUT_ANNOTATIONS,
  UPDATE_NOW_ANNOTATION,
  ...CONFIG_ANNOTATIONS,
]);

function keyFindings(field: MapField, keys: readonly string[]): Finding[] {
  return keys.flatMap((key) => {
    const path = ['metadata', field, key];
    if (!isQualifiedName(key)) return invalid(path, 'a key such as name or example.org/name', key);
    const isOpen = field === 'annotations' ? OPEN_ANNOTATIONS.has(key) : key === SET_LABEL;
    if (!key.startsWith(`${GROUP}/`) || isOpen) return [];
    return forbidden(path, `keys that begin with "${GROUP}/" are reserved, choose another prefix`);
  });
}

const bytesIn = (map: Readonly<Record<string, string>>): number =>
  Object.entries(map).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);

/** What must hold of names and notes, whatever the kind. */
export const METADATA_RULES: readonly Rule<{ metadata: ObjectMeta }>[] = [
  {
    reads: ['metadata.labels'],
    find: ({ metadata: { labels = {} } }) => keyFindings('labels', Object.keys(labels)),
  },
  {
    reads: ['metadata.annotations'],
    find: ({ metadata: { annotations = {} } }) =>
      keyFindings('annotations', Object.keys(annotations)),
  },
  {
    reads: ['metadata.labels'],
    find: ({ metadata: { labels = {} } }) =>
      Object.entries(labels)
        .filter(([, value]) => value !== '' && !NAME.test(value))
        .map(([key, value]) =>
          invalid(
            ['metadata', 'labels', key],
            'at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
            value,
          ),
        ),
  },
  {
    reads: ['metadata.annotations'],
    find: ({ metadata: { annotations = {} } }) => {
      const bytes = bytesIn(annotations);
      if (bytes <= MAX_ANNOTATIONS_BYTES) return [];
      const expected = `at most ${MAX_ANNOTATIONS_BYTES} bytes in all`;
      return [invalid(['metadata', 'annotations'], `${expected} instead of ${bytes}`)];
    },
  },
];
