import { expect, it } from 'vitest';
import { addressKey } from '../../../src/api/limits/address-key.js';

it.each([
  ['10.0.0.7', '10.0.0.7'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1', 'fe80:0:0:0'],
  ['socket', 'socket'],
])('%s stands for %s', (address, key) => {
  expect(addressKey(address)).toBe(key);
});
