import { expect, test } from 'vitest';
import { negotiate } from '../../src/docker/api-version.js';

test.each([
  ['1.41', '1.12', '1.41'],
  ['1.44', '1.24', '1.44'],
  ['1.52', '1.44', '1.44'],
  ['1.43', '', '1.43'],
])('an engine that speaks up to %s from %s is spoken to in %s', (max, min, chosen) => {
  expect(negotiate(max, min)).toBe(chosen);
});

test.each([
  ['1.40', '1.12', /speaks API 1\.12 to 1\.40, Registrar 1\.41 to 1\.44/],
  ['1.60', '1.50', /speaks API 1\.50 to 1\.60/],
  ['', '', /is not a Docker Engine/],
  ['latest', '1.12', /is not a Docker Engine/],
])('an engine that speaks %s from %s is refused', (max, min, message) => {
  expect(() => negotiate(max, min)).toThrow(message);
});
