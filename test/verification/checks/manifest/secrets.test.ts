import { describe, expect, test } from 'vitest';
import { newSecret } from '../../../../src/kinds/token/secret.js';
import {
  aManifest,
  aManifestSubject,
  foundIn,
  resultOf,
  told,
} from '../../../helpers/check-results.js';

const env = (name: string, value: string) => ({ env: [{ name, value }] });
const words = (count: number): string => Array.from({ length: count }, () => 'abandon').join(' ');

describe('manifest/mnemonic', () => {
  const check = 'manifest/mnemonic';
  test.each([
    ...[12, 15, 18, 21, 24].map((count) => env('SEED', words(count))),
    env('SEED', JSON.stringify({ phrase: words(12).split(' ') })),
    env('SEED', words(12).replaceAll(' ', '\n')),
    { args: ['--mnemonic', ...words(12).split(' ')] },
    { args: [`--mnemonic=${words(12)}`] },
    { command: ['sh', '-c', `btcli regen_coldkey --mnemonic ${words(24)} --overwrite`] },
    { command: ['sh', '-c', `echo ${words(12)} > /tmp/seed`] },
    { healthCheck: { exec: { command: ['check', words(12)] } } },
  ])('is found in %j and never told', async (spec) => {
    const found = await foundIn(check, spec);
    expect(found).toMatch(/^failed: spec\.(env\[0\]\.value|args|command|healthCheck)/);
    expect(found).not.toContain('abandon');
  });

  test.each([
    env('SEED', words(11)),
    env('SEED', `${words(6)} Abandon ${words(6)}`),
    env('SEED', `${words(11)} ab`),
    env('SEED', `${words(11)} abandoned`),
    { args: [words(6)], command: [words(6)] },
    { args: ['--wallet.name', 'default', '--netuid', '17', '--logging.debug'] },
    {},
  ])('is not seen in %j', async (spec) => {
    expect(await foundIn(check, spec)).toBe('passed');
  });
});

describe('manifest/coldkey-env', () => {
  const check = 'manifest/coldkey-env';
  test.each([
    env('COLDKEY', 'canary'),
    env('BT_WALLET_COLDKEY_PASSWORD', 'canary'),
    env('my.cold_key', 'canary'),
    env('KEY', '{"secretPhrase": "canary", "ss58Address": "5F"}'),
    env('KEY', '{"privateKey":"canary","ss58Address":"5F"}'),
    env('KEY', '$NACLcanary'),
    { args: ['{"secretSeed": "canary"}'] },
  ])('%j is refused without being told', async (spec) => {
    const found = await foundIn(check, spec);
    expect(found).toMatch(/^failed/);
    expect(found).not.toContain('canary');
  });

  test.each([
    env('COLDKEY', '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'),
    env('COLDKEYPUB', 'x'),
    env('COLDKEY_ADDRESS', 'x'),
    env('COLDKEY', ''),
    env('HOTKEY', 'default'),
    env('KEY', '{"publicKey":"0x1","ss58Address":"5F"}'),
  ])('%j is fine', async (spec) => {
    expect(await foundIn(check, spec)).toBe('passed');
  });
});

const alphanumeric = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0u1V2w3X4y5';

describe('manifest/known-tokens', () => {
  const check = 'manifest/known-tokens';
  const FORMS = [
    ['a token of GitHub', `ghp_${alphanumeric.slice(0, 36)}`],
    ['a token of GitHub', `github_pat_${alphanumeric.slice(0, 22)}`],
    ['a token of GitLab', `glpat-${alphanumeric.slice(0, 20)}`],
    ['a credential of AWS', 'AKIAQWERTYUIOPASDFGH'],
    ['a credential of Google', `AIza${alphanumeric.slice(0, 35)}`],
    ['a token of Slack', `xoxb-${alphanumeric.slice(0, 12)}`],
    ['a credential of Stripe', `sk_live_${alphanumeric.slice(0, 24)}`],
    ['a key of OpenAI', `sk-proj-${alphanumeric.slice(0, 40)}`],
    ['a key of Anthropic', `sk-ant-api03-${alphanumeric.slice(0, 40)}`],
    ['a token of Hugging Face', `hf_${alphanumeric.slice(0, 34)}`],
    ['a token of npm', `npm_${alphanumeric.slice(0, 36)}`],
    ['a credential of PyPI', `pypi-AgE${alphanumeric}`],
    ['a token of Docker Hub', `dckr_pat_${alphanumeric.slice(0, 27)}`],
    ['a token of Registrar', newSecret()],
    [
      'a JSON web token',
      `eyJ${alphanumeric.slice(0, 20)}.eyJ${alphanumeric.slice(0, 20)}.${alphanumeric}`,
    ],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl'],
    ['a private key', '-----BEGIN PRIVATE KEY-----'],
    ['an address with a password', 'postgres://user:hunter22@db.example/x'],
    ['an address with a password', 'redis://:hunter22@db.example'],
  ] as const;

  test.each(FORMS)('%s is found wherever it is, and never told: %s', async (form, token) => {
    const path = { http: { port: 80, path: `/?${token}` } };
    const specs = [env('A', `x=${token}`), { args: [token] }, { description: token }];
    for (const spec of [...specs, { healthCheck: path }]) {
      const found = await foundIn(check, spec);
      expect(found).toMatch(/^failed/);
      expect(found).toContain(`looks like ${form}`);
      expect(found).not.toContain(token.slice(-8));
    }
  });

  test.each([
    'ghp_short',
    `xghp_${alphanumeric.slice(0, 36)}`,
    'AKIAqwertyuiopasdfgh',
    'postgres://db.example/x',
    'postgres://user@db.example/x',
    'postgres://user:$PASSWORD@db.example/x',
    'http://[::1]:8080/a@b',
    '-----BEGIN PUBLIC KEY-----',
    'sk-learn',
    'postgres://user:password@db.example/x',
    alphanumeric,
  ])('%j is no token', async (text) => {
    expect(await foundIn(check, env('A', text))).toBe('passed');
  });

  test('a key that is known by what it is called only', async () => {
    const key = '9f3a1c7e2b8d4056'.repeat(3).slice(0, 40);
    expect(await foundIn(check, env('WANDB_API_KEY', key))).toMatch(/Weights & Biases/);
    expect(await foundIn(check, env('COMMIT', key))).toBe('passed');
  });

  test('annotations and the address of the repository are looked at', async () => {
    const url = 'https://user:hunter22@example.org/a';
    expect(await foundIn(check, { source: { repoUrl: url } })).toMatch(
      /^failed: spec.source.repoUrl/,
    );
    const subject = aManifestSubject(aManifest({}, { 'example.org/note': url }));
    expect(told(await resultOf(check, { manifest: subject }))).toMatch(
      /^failed: metadata.annotations\["example.org\/note"\]/,
    );
  });

  test('hostile texts are looked through', async () => {
    const hostile = ['eyJ-', 'eyJa.', 'a://', 'a://:', '-----BEGIN ', 'A ', 'a+.-:'];
    const args = hostile.map((text) => text.repeat(32768 / text.length).slice(0, 32768));
    expect(await foundIn(check, { args })).toBe('passed');
  });
});

describe('manifest/secret-env', () => {
  test.each([
    ...['API_KEY', 'WANDB_API_KEY', 'TOKEN', 'HF_TOKEN', 'DB_PASSWORD', 'MYSQLPASSWORD', 'secret'],
    ...['app.token', 'WALLET_PASSPHRASE'],
  ])('%s is named as a secret', async (name) => {
    const found = await foundIn('manifest/secret-env', env(name, 'canary8seven'));
    expect(found).toMatch(/^failed: spec.env\[0\].value/);
    expect(found).not.toContain('canary');
  });

  test.each([
    ...['PUBLIC_KEY', 'MONKEY', 'HOTKEY', 'API_KEY_FILE', 'TOKENS'].map((name) =>
      env(name, 'canary8seven'),
    ),
    env('API_KEY', 'change-me-please'),
    env('API_KEY', '${API_KEY}'),
    env('API_KEY', ''),
    env('API_KEY', '/run/secrets/key'),
    env('MAX_TOKEN', '512'),
    env('USE_TOKEN', 'true'),
    { env: [{ name: 'API_KEY', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } }] },
  ])('%j is fine', async (spec) => {
    expect(await foundIn('manifest/secret-env', spec)).toBe('passed');
  });
});
