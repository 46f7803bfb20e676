import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { firstFile, tar } from '../../bin/lib/tar.js';

const entries = [
  { path: 'bin/tool', type: 'file' as const, mode: 0o755, content: Buffer.from('tool\n') },
  { path: 'bin/link', type: 'link' as const, target: 'tool' },
  { path: 'data/', type: 'folder' as const, owner: 65532 },
];

test('the real tar reads what is written', () => {
  const listing = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], { input: tar(entries) });
  const lines = listing.toString().trimEnd().split('\n');
  expect(lines[0]).toMatch(/^-rwxr-xr-x 0\/0 +5 .* bin\/tool$/);
  expect(lines[1]).toMatch(/^lrwxrwxrwx 0\/0 +0 .* bin\/link -> tool$/);
  expect(lines[2]).toMatch(/^drwxr-xr-x 65532\/65532 .* data\/$/);
  expect(lines).toHaveLength(3);
});

test('equal entries make equal archives', () => {
  expect(tar(entries).equals(tar(entries))).toBe(true);
});

test('the first file is read back', () => {
  expect(firstFile(tar(entries)).toString()).toBe('tool\n');
});
