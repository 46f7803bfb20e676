import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Values that are to be nowhere but where they are used. */
export const CANARIES = {
  data: 'canary-data-7f3a19c2e1',
  text: 'canary?text/52=e4 &0b"1\\',
  put: 'canary-put-0c44b1d7aa',
  merge: 'canary-merge-9d21e7c0',
  json: 'canary-json-61ab3f08d2',
  applied: 'canary-applied-e8024c7b',
  client: 'canary-client-3b9f6a15',
  literal: 'canary-literal-a4417d3e',
  file: 'canary-file-2f80c95b66',
  env: 'canary-env-5e6d10b3f9',
  typed: 'canary-typed-8c07f2ad4e',
} as const;

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** How a value may stand in a text. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const escaped = JSON.stringify(value).slice(1, -1);
  return [
    ...[value, escaped, JSON.stringify(escaped).slice(1, -1)],
    ...[
      encodeURIComponent(value),
      encodeURI(value),
      new URLSearchParams({ v: value }).toString().slice(2),
    ],
    // Base64 of a text that the value is in the middle of, whatever is before it.
    ...[0, 1, 2].map((offset) => inBase64(bytes, offset, 'base64')),
    ...[0, 1, 2].map((offset) => inBase64(bytes, offset, 'base64url')),
    bytes.toString('hex'),
  ];
}

/** The characters of base64 that belong to the bytes alone, when `offset` bytes are before them. */
function inBase64(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replace(/=+$/, '');
  return text.slice(offset === 0 ? 0 : offset + 1, -1);
}

/** The values that a text holds in any form. */
export function foundIn(
  text: string,
  values: readonly string[] = Object.values(CANARIES),
): string[] {
  return values.filter((value) => formsOf(value).some((form) => text.includes(form)));
}

/** Files of a folder that hold a value: their paths, and which. */
export function foundInFiles(
  folder: string,
  values: readonly string[] = Object.values(CANARIES),
): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const found = foundIn(readFileSync(path, 'latin1'), values);
      return found.map((value) => `${path}: ${value}`);
    });
}
