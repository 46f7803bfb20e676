import { execFileSync } from 'node:child_process';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { branchProblem, parseBranch } from '../../src/source/branch-name.js';
import { messageOf } from '../helpers/code-of.js';

/** What git itself thinks of a name. */
function isGitName(name: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', `refs/heads/${name}`], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

const GOOD = ['main', 'v1.2.0', 'feature/x', 'a-b_c', 'größe', 'a@b', 'x.lockfile', '@a', 'a{b'];

test.each(GOOD)('"%s" is a name', (name) => {
  expect(branchProblem(name)).toBeUndefined();
  expect(isGitName(name)).toBe(true);
});

describe('no name', () => {
  test.each([
    ['', 'it is empty'],
    ['--upload-pack=touch /tmp/x', 'begins with "-"'],
    ['-', 'begins with "-"'],
    ['a..b', '".."'],
    ['../a', '".."'],
    ['a@{1}', '"@{"'],
    ['@', 'current commit'],
    ['a b', 'a space'],
    ['a~1', 'one of ~'],
    ['a^{}', 'one of ~'],
    ['a:b', 'one of ~'],
    ['a*', 'one of ~'],
    ['a?', 'one of ~'],
    ['a[b', 'one of ~'],
    ['a\\b', 'one of ~'],
    ['/a', 'empty part'],
    ['a/', 'empty part'],
    ['a//b', 'empty part'],
    ['.a', 'begins with "."'],
    ['a/.b', 'begins with "."'],
    ['a.', 'ends with "."'],
    ['a.lock', 'ends with ".lock"'],
    ['a.lock/b', 'ends with ".lock"'],
    ['a\nb', 'control character'],
    ['a\u001bc', 'control character'],
    ['a\u007f', 'control character'],
    ['a\u202eb', 'hidden character U+202E'],
    ['a'.repeat(256), 'longer than 255 bytes'],
    ['ä'.repeat(128), 'longer than 255 bytes'],
  ])('%j', async (name, why) => {
    const parsed = (async () => parseBranch(name))();
    expect(await messageOf(parsed)).toContain(why);
  });
});

const UNITS = ['a', 'b', '.', '-', '/', '@', '{', '~', '^', ':', '?', '*', '[', '\\', ' ', '.lock'];
const names = fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 8 });

property.prop([names], { numRuns: 150 })('git never refuses what is accepted', (name) => {
  if (branchProblem(name) === undefined) expect(isGitName(name)).toBe(true);
});
