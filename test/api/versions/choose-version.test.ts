import { describe, expect, it } from 'vitest';
import { chooseVersion } from '../../../src/api/versions/choose-version.js';
import { aVersion } from '../../helpers/published.js';

const YANKED = { yanked: { reason: 'bad', at: '2026-01-01T12:00:00Z', by: 'ada' } };
const DEPRECATED = { deprecated: YANKED.yanked };

const VERSIONS = [
  aVersion('1.9.0'),
  aVersion('1.10.0'),
  aVersion('1.11.0', YANKED),
  aVersion('2.0.0-rc.1'),
  aVersion('2.0.0-rc.2', DEPRECATED),
];

const chosen = (wanted?: string, versions = VERSIONS): string =>
  chooseVersion('web', versions, wanted).spec.version;

describe('the version that is asked for', () => {
  it.each([
    [undefined, '1.10.0'],
    ['^1.9', '1.10.0'],
    ['~1.9.0', '1.9.0'],
    ['1', '1.10.0'],
    ['*', '1.10.0'],
    ['1.11.0', '1.11.0'],
    ['^2.0.0-rc', '2.0.0-rc.2'],
    ['>=1.9.0 <1.10.0 || ^3', '1.9.0'],
  ])('as %j is %s', (wanted, version) => expect(chosen(wanted)).toBe(version));

  it('is a pre-release when there is nothing else', () => {
    expect(chosen(undefined, VERSIONS.slice(3))).toBe('2.0.0-rc.2');
  });

  it('is exactly that, whatever its build metadata', () => {
    const versions = [
      aVersion('1.0.0+a', {}, { publishedAt: '2026-01-02T00:00:00Z' }),
      aVersion('1.0.0+b', {}, { publishedAt: '2026-01-01T00:00:00Z' }),
    ];
    expect(chosen('1.0.0+b', versions)).toBe('1.0.0+b');
    expect(chosen('1.0.0', versions)).toBe('1.0.0+a');
    expect(chosen(undefined, versions)).toBe('1.0.0+a');
  });

  it.each([
    ['^3', 'Module "web" has no version "^3"; it has 2.0.0-rc.2, 2.0.0-rc.1, 1.11.0 (yanked), 1.1'],
    ['1.11', 'Module "web" has no version "1.11"'],
  ])('may not be there: %s', (wanted, message) => {
    expect(() => chosen(wanted)).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        message: expect.stringContaining(message) as unknown,
      }),
    );
  });

  it('may not be there at all', () => {
    expect(() => chosen(undefined, [])).toThrow('Module "web" has no published version');
    expect(() => chosen(undefined, [aVersion('1.0.0', YANKED)])).toThrow(
      'Module "web" has no version that was not yanked; it has 1.0.0 (yanked)',
    );
  });

  it.each([
    'latest',
    '../1.0.0',
    '1.0.0\u001b[2J',
    `^1${' '.repeat(100_000)}`,
    `>${'1'.repeat(300)}`,
  ])('is no text such as %j', (wanted) => {
    expect(() => chosen(wanted)).toThrow(
      expect.objectContaining({
        code: 'BAD_REQUEST',
        message: expect.not.stringContaining('\u001b') as unknown,
      }),
    );
  });
});
