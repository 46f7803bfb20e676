import { describe, expect, test } from 'vitest';
import {
  DEFAULT_USER,
  idsOf,
  imageUser,
  isNamed,
  userOf,
} from '../../src/docker/container-user.js';
import { aTemplate } from '../helpers/requests.js';

const accounts = {
  passwd:
    'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n',
  group: 'root:x:0:\nnode:x:1001:\nwheel:x:10:node\n',
};

describe('imageUser', () => {
  test.each([
    ['1000', '1000'],
    ['1000:50', '1000:50'],
    ['node', '1000:1001'],
    ['node:wheel', '1000:10'],
    ['node:7', '1000:7'],
    ['1000:wheel', '1000:10'],
  ])('%s is %s', (user, numbers) => {
    expect(imageUser(user, accounts)).toBe(numbers);
  });

  test.each([
    '',
    '0',
    '0:0',
    '00',
    '0:1000',
    'root',
    'toor',
    'toor:wheel',
    'nobody',
    '2147483648',
    '-1',
    'node:none',
    '1e3',
  ])('"%s" is root or cannot be made out: the default user', (user) => {
    expect(imageUser(user, accounts)).toBe(DEFAULT_USER);
  });

  test('a number is a number, also when an account has it for a name', () => {
    const passwd = '1000:x:0:0::/:/bin/sh\n';
    expect(imageUser('1000', { passwd, group: '' })).toBe('1000');
  });
});

test('isNamed is true only when accounts are needed', () => {
  expect(['', '0', '1000', '1000:1000'].some(isNamed)).toBe(false);
  expect(['root', '1000:wheel', 'node', ':'].every(isNamed)).toBe(true);
});

test('userOf takes the number of the template for user and group', () => {
  const { securityContext } = aTemplate();
  expect(userOf(aTemplate())).toBeUndefined();
  expect(userOf(aTemplate({ securityContext: { ...securityContext, runAsUser: 1234 } }))).toBe(
    '1234:1234',
  );
});

test('idsOf gives a user without a group the group of the same number', () => {
  expect(idsOf('1000')).toEqual({ uid: 1000, gid: 1000 });
  expect(idsOf('1000:50')).toEqual({ uid: 1000, gid: 50 });
});
