import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../../../src/verification/settings.js';
import { secretCases } from '../../../helpers/secret-cases.js';
import { checkTree, findings } from '../../../helpers/trees.js';
import type { Standing } from '../../../helpers/trees.js';

const cases = secretCases();
const keyword = (first: string, second: string): string => `${first}${second}`;
/** A token that is found, made of pieces so that nobody takes this file for a leak. */
const TOKEN = keyword('ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx');

test.each(cases.filter(({ isSecret }) => isSecret))(
  '$check finds $written, and does not tell it',
  async ({ check, path, text, secrets }) => {
    const result = await checkTree(check, { [path]: text });
    expect(result).toMatchObject({ result: 'failed', problems: [{ file: path }] });
    const told = JSON.stringify(result);
    expect(secrets.filter((secret) => secret.length > 5 && told.includes(secret))).toEqual([]);
  },
);

test.each(cases.filter(({ isSecret }) => !isSecret))(
  '$check passes over $written',
  async ({ check, path, text }) => {
    expect(await findings(check, { [path]: text })).toEqual(['passed']);
  },
);

test('no check over files tells any secret of any case', async () => {
  const tree = Object.fromEntries(cases.map(({ path, text }, index) => [`${index}/${path}`, text]));
  const ids = settingsOf('all', { checks: [] }).filter(({ check }) => check.about === 'tree');
  const results = await Promise.all(ids.map(({ check }) => checkTree(check.id, tree)));
  const told = JSON.stringify(results);
  const secrets = cases.flatMap((one) => one.secrets).filter((secret) => secret.length > 11);
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
});

describe('a check over texts', () => {
  test('says in which line of which file', async () => {
    const tree = { 'a.py': 'x = 1\n', 'src/b.py': `# token\n\nTOKEN = "${TOKEN}"\n` };
    expect(await findings('tree/tokens', tree)).toEqual([
      'src/b.py:3: It has what looks like a credential of GitHub in it',
    ]);
  });

  test('leaves out what the policy says', async () => {
    const tree = { 'test/a.py': TOKEN, 'src/b.py': TOKEN };
    const parameters = { ignore: ['test/*'] };
    expect(await findings('tree/tokens', tree, { parameters })).toHaveLength(1);
    expect(await findings('tree/tokens', tree)).toHaveLength(2);
  });

  test('has not verified what it did not look at', async () => {
    const parameters = { maxFileBytes: 100 };
    const tree = { 'long.txt': 'a '.repeat(100), 'short.txt': 'x' };
    expect(await findings('tree/tokens', tree, { parameters })).toEqual([
      expect.stringMatching(/^notVerified: Not looked at, for their size: long\.txt \(1\); raise/),
    ]);
    const found = await findings('tree/tokens', { ...tree, 'b.py': TOKEN }, { parameters });
    expect(found).toEqual([
      expect.stringContaining('b.py:1:'),
      expect.stringContaining('Not looked at, for their size: long.txt'),
    ]);
  });

  test('passes over pictures and programs, and reads texts of Windows', async () => {
    const utf16 = Buffer.from(`\ufeffTOKEN=${TOKEN}\r\n`, 'utf16le');
    const binary = Buffer.concat([Buffer.from([0x89, 0x50, 0x00]), Buffer.from(TOKEN)]);
    expect(await findings('tree/tokens', { 'a.png': binary })).toEqual(['passed']);
    expect(await findings('tree/tokens', { 'a.ps1': utf16 })).toHaveLength(1);
  });

  test('looks at files, and at nothing else', async () => {
    const tree: Record<string, Standing> = { link: { target: TOKEN }, pipe: { type: 'special' } };
    expect(await findings('tree/tokens', tree)).toEqual(['passed']);
  });
});

test.each([
  ['keys/store.jks', 'feedfeed00000002', 'a Java key store'],
  ['vault.kdbx', '03d9a29a67fb4bb5', 'a KeePass database'],
  ['site.p12', '308209d10201033082', 'a key store (PKCS 12)'],
])('tree/private-keys knows %s', async (path, hex, what) => {
  const found = await findings('tree/private-keys', { [path]: Buffer.from(hex, 'hex') });
  expect(found).toEqual([`${path}: It is ${what}`]);
});

test('tree/private-keys takes no certificate for a key store', async () => {
  const der = Buffer.from('308203453082022da0', 'hex');
  expect(await findings('tree/private-keys', { 'site.cer': der })).toEqual(['passed']);
});

test.each(['.env', 'miner/.env.production', 'prod.env'])(
  'tree/env-files tells of %s',
  async (path) => {
    expect(await findings('tree/env-files', { [path]: 'A=1' })).toEqual([
      `${path}: It is an env file`,
    ]);
  },
);

test.each(['.env.example', '.envrc', 'src/env.py', '.env.d/notes', 'docs/env'])(
  'tree/env-files has nothing against %s',
  async (path) => {
    expect(await findings('tree/env-files', { [path]: 'A=1' })).toEqual(['passed']);
  },
);

test('looking at texts leaves no marks of how long it took', async () => {
  await findings('tree/tokens', { a: TOKEN });
  const before = performance.getEntriesByType('mark').length;
  await findings('tree/tokens', { a: TOKEN, b: TOKEN });
  expect(performance.getEntriesByType('mark')).toHaveLength(before);
});

test('two findings of a line and a service are one', async () => {
  expect(await findings('tree/tokens', { a: `${TOKEN} ${TOKEN}` })).toHaveLength(1);
});
