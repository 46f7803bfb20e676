import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/model/errors.js';

interface Row {
  readonly code: string;
  readonly http: string;
  readonly cause: string;
  readonly remedy: string;
  readonly retry: string;
}

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [code = '', http = '', cause = '', remedy = '', retry = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { code: code.replaceAll('`', ''), http, cause, remedy, retry };
  });

const RETRIES = { stalled: 'waits', transient: 'tries again', bug: 'bug' };

describe('docs/errors.md', () => {
  it('has every code that there is, once, and no other', () => {
    expect(rows.map(({ code }) => code).toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });

  it.each(Object.entries(ERROR_CODES))('is right about %s', (code, { http, reason, retry }) => {
    const row = rows.find((each) => each.code === code);
    expect(row).toMatchObject({ http: `${http} ${reason}`, retry: RETRIES[retry] });
    expect(row?.cause).toMatch(/^[A-Z].*\.$/);
    expect(row?.remedy).toMatch(/^[A-Z].*\.$/);
  });
});
