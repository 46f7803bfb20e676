import { expect, test } from 'vitest';
import { CHECKS } from '../../../../src/verification/checks.js';
import { aBuilt } from '../../../helpers/built.js';
import { checkWholeTree } from '../../../helpers/trees.js';

/** A pattern that looks at it again from each of its places would take minutes. */
const BYTES = 128 * 1024;

/** Each begins again and again what some pattern looks for. */
const PIECES = [
  ...['a', 'A', ' ', '\n', '"', ':', '\\\n', '😀', '0123456789abcdef', 'aGVsbG8gd29ybGQ'],
  ...[
    'eyJ',
    'eyJaaaaaaaaaa.eyJaaaaaaaaaaaaa.',
    'wandb',
    'key-',
    '1234567890:AA',
    'SG.a.',
    'xoxb-a-',
  ],
  ...[
    '-----BEGIN RSA ',
    '-----BEGIN ',
    '"kty": "RSA" ',
    '"d": "',
    'private_key: ',
    'PrivateKey = ',
  ],
  ...[`"ciphertext": "${'a'.repeat(64)}" `, `"encoded": "${'a'.repeat(120)}" `, '1,', 'abandon '],
  ...[
    'zoo zone legal winner thank year wave ',
    'token = "',
    'secret_',
    '"auth": "aaaa ',
    'token: ',
  ],
  ...['password ', 'http://a:', 'postgres://a:b', 'mongodb://', '_authToken=', 'git+', 'A=', '# '],
  ...['not prohibited ', 'copyright ', '--extra-index-url ', '==', '\u202e', '../', 'FROM a\n'],
];

/** Names under which one check or another reads a text. */
const PATHS = [
  ...['a.txt', 'requirements.txt', '.env', '.env.example', 'LICENSE', 'package.json', 'Dockerfile'],
  ...['kubeconfig', '.netrc', 'pyproject.toml', '.dockerignore', '.gitmodules', '.pgpass'],
];

test.each(PIECES)('a text of nothing but %j is looked at in time', async (piece) => {
  const text = piece.repeat(Math.ceil(BYTES / piece.length));
  const tree = Object.fromEntries(PATHS.map((path) => [path, text]));
  const results = await checkWholeTree(tree, { manifest: aBuilt() });
  expect(results).toHaveLength(CHECKS.filter(({ about }) => about === 'tree').length);
  for (const { problems } of results) expect(problems.length).toBeLessThanOrEqual(20);
});
