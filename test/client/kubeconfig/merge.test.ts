import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubeconfigEntries } from '../../../src/client/kubeconfig/entries.js';
import { mergeKubeconfig } from '../../../src/client/kubeconfig/merge.js';

const ours: KubeconfigEntries = {
  name: 'registrar',
  cluster: { server: 'https://127.0.0.1:7878', 'certificate-authority-data': 'Y2E=' },
  user: { token: 'rgt_secret' },
};

const merge = (text: string, entries = ours): Promise<string> =>
  mergeKubeconfig(text, entries, '/home/ada/.kube/config');

const WHOLE = `apiVersion: v1
kind: Config
clusters:
- name: registrar
  cluster:
    server: https://127.0.0.1:7878
    certificate-authority-data: Y2E=
users:
- name: registrar
  user:
    token: rgt_secret
contexts:
- name: registrar
  context:
    cluster: registrar
    user: registrar
current-context: registrar
`;

/** As kubectl writes it, with comments of a person. */
const THEIRS = `# of ada
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${'QUJD'.repeat(60)}
    server: https://prod.example.org # do not touch
  name: prod
contexts:
- context:
    cluster: prod
    namespace: payments
    user: ada
  name: prod
current-context: prod
kind: Config
preferences: {}
users:
- name: ada
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args: ["get-token", 'x y']
      command: prod-login
      env: null
`;

test.for(['', '\n', '# only a comment\n', '# cut off'])(
  'an empty file (%j) becomes a whole one',
  async (text) => {
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    expect(await merge(text)).toBe(before + WHOLE);
  },
);

test('all else in a file stays as it is, with comments, order and the current context', async () => {
  const merged = await merge(THEIRS);
  let rest = merged;
  for (const line of THEIRS.trimEnd().split('\n')) {
    expect(rest).toContain(`${line}\n`);
    rest = rest.slice(rest.indexOf(`${line}\n`) + line.length);
  }
  expect(parse(merged)).toMatchObject({ 'current-context': 'prod' });
});

test('merging again changes nothing, and a new token takes the place of the old one', async () => {
  const once = await merge(THEIRS);
  expect(await merge(once)).toBe(once);
  const rotated = await merge(once, { ...ours, user: { token: 'rgt_other' } });
  expect(rotated).toBe(once.replace('rgt_secret', 'rgt_other'));
});

test('another context stands beside the first one', async () => {
  const merged = parse(await merge(await merge(THEIRS), { ...ours, name: 'lab' }));
  expect(merged.contexts.map(({ name }: { name: string }) => name)).toEqual([
    'prod',
    'registrar',
    'lab',
  ]);
  expect(merged.clusters).toHaveLength(3);
});

test.for([
  ['no lists', 'apiVersion: v1\nkind: Config\n'],
  [
    'lists that are null',
    'kind: Config\nclusters: null\nusers: ~\ncontexts:\ncurrent-context: ""\n',
  ],
  ['lists that are empty', 'kind: Config\nclusters: []\nusers: []\ncontexts: []\n'],
  [
    'the form of JSON',
    '{"kind":"Config","clusters":[],"users":[],"contexts":[],"current-context":""}',
  ],
] as const)('a file with %s gets them', async ([_what, text]) => {
  const merged = await merge(text);
  const { clusters, users, contexts, 'current-context': current } = parse(merged);
  expect({ clusters, users, contexts, current }).toEqual({
    clusters: [{ name: 'registrar', cluster: ours.cluster }],
    users: [{ name: 'registrar', user: ours.user }],
    contexts: [{ name: 'registrar', context: { cluster: 'registrar', user: 'registrar' } }],
    current: 'registrar',
  });
});

test('words stay as they were written', async () => {
  const text = `kind: Config\nclusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: yes, server: "https://a"}\nusers:\n- {name: b, user: {token: '0123', username: on}}\n`;
  const merged = await merge(text);
  expect(merged).toContain('insecure-skip-tls-verify: yes');
  expect(merged).toContain(`token: '0123'`);
  expect(merged).toContain('username: on');
});

test.for([
  'null\n',
  'kind: Config\n  bad: [',
  '- a\n- b\n',
  'just text\n',
  'kind: Module\nspec: {}\n',
  'kind: Config\nclusters: {a: b}\n',
  'kind: Config\n---\nkind: Config\n',
])('%j is no kubeconfig and is refused', async (text) => {
  await expect(merge(text)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('"/home/ada/.kube/config" is not a kubeconfig'),
  });
});
