import { describe, expect, test } from 'vitest';
import { addressProblem, checkedAddresses } from '../../src/source/addresses.js';
import { parseRepoUrl } from '../../src/source/repo-url.js';
import { messageOf, codeOf } from '../helpers/code-of.js';
import { never } from '../helpers/sources.js';

const PUBLIC = ['8.8.8.8', '140.82.121.3', '2606:4700::1', '::ffff:8.8.8.8'];

/** Of this machine and private networks: a policy may admit them. */
const PRIVATE = [
  ...['127.0.0.1', '127.9.9.9', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  ...['100.64.0.1', '::1', 'fd00::1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ...['::ffff:10.0.0.1'],
];

/** Of no server that anybody means. */
const NEVER = [
  ...['0.0.0.0', '::', '169.254.169.254', 'fe80::1', '::ffff:169.254.169.254', '224.0.0.1'],
  ...['255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1', 'ff02::1', '64:ff9b::7f00:1'],
  ...['64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2001::1', 'fec0::1', '::7f00:1', '4000::1'],
  ...['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '', 'localhost', '1.2.3'],
];

describe('without private addresses', () => {
  test.each(PUBLIC)('%s is admitted', (address) => {
    expect(addressProblem(address, false)).toBeUndefined();
  });
  test.each([...PRIVATE, ...NEVER])('%s is not', (address) => {
    expect(addressProblem(address, false)).toEqual(expect.any(String));
  });
});

describe('with private addresses', () => {
  test.each([...PUBLIC, ...PRIVATE])('%s is admitted', (address) => {
    expect(addressProblem(address, true)).toBeUndefined();
  });
  test.each(NEVER)('"%s" is not', (address) => {
    expect(addressProblem(address, true)).toEqual(expect.any(String));
  });
});

const check = (url: string, addresses: readonly string[], privateAddresses = false) => {
  const repo = parseRepoUrl(url, { schemes: ['https', 'ssh'] });
  return checkedAddresses(repo, { privateAddresses }, async () => addresses, never());
};

test('every address is checked, not only the first', async () => {
  const checked = check('https://h.example/a', ['8.8.8.8', '2606:4700::1', '127.0.0.1']);
  expect(await messageOf(checked)).toBe(
    'Cannot use host "h.example" at 127.0.0.1: the address is on this machine or in a private network (loopback); use a public server, or admit private addresses in the policy',
  );
  expect(await codeOf(check('https://h.example/a', ['10.1.2.3']))).toBe('SOURCE_REFUSED');
});

test.each(['https://0x7f.1/a', 'https://[::ffff:7f00:1]/a', 'ssh://git@127.1/a', 'git@[::1]:a'])(
  'an address in the URL is checked without a question to the DNS: %s',
  async (url) => {
    expect(await messageOf(check(url, ['8.8.8.8']))).toContain('loopback');
  },
);

test('a name without an address', async () => {
  expect(await codeOf(check('https://h.example/a', []))).toBe('SOURCE_UNAVAILABLE');
});

test('a DNS that does not answer does not hold a cancelled question', async () => {
  const repo = parseRepoUrl('https://h.example/a', { schemes: ['https'] });
  const cancel = new AbortController();
  const silent = () => new Promise<never>(() => undefined);
  const checked = checkedAddresses(repo, { privateAddresses: false }, silent, cancel.signal);
  cancel.abort();
  expect(await messageOf(checked)).toContain('it was cancelled');
});
