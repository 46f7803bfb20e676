import { describe, expect, it } from 'vitest';
import { continueToken, parseContinueToken } from '../../../src/api/requests/continue-token.js';

const encoded = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a continue token', () => {
  it.each([
    { resourceVersion: '1', after: 'web' },
    { resourceVersion: '9007199254740993', after: 'default/web-0.17f3' },
    { resourceVersion: '12', after: 'x'.repeat(253) },
  ])('gives back %j', (continuation) => {
    const token = continueToken(continuation);
    expect(parseContinueToken(token)).toEqual(continuation);
    expect(token).toMatch(/^[\w-]+$/);
  });

  it.each([
    'abc',
    '%00',
    encoded(null),
    encoded([]),
    encoded('1'),
    encoded({ rv: 1, after: 'a' }),
    encoded({ rv: '-1', after: 'a' }),
    encoded({ rv: '1', after: {} }),
    encoded({ rv: '1' }),
    encoded({ rv: '9'.repeat(40), after: 'a' }),
    encoded({ rv: '1', after: 'a'.repeat(5000) }),
    encoded({ __proto__: { rv: '1', after: 'a' } }),
  ])('is refused when it is %.40s', (token) => {
    expect(() => parseContinueToken(token)).toThrow('The continue token is not valid');
  });
});
