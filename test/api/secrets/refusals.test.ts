import { beforeEach, expect, it } from 'vitest';
import { MAX_SECRET_BYTES } from '../../../src/model/secret.js';
import { openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';
import { aSecret, base64, created, found, PLAIN, SECRETS } from './test-secrets.js';

let api: TestApi;

beforeEach(async () => {
  api = await openTestApi();
});

const post = (more: object): Promise<Answer> =>
  api.call('POST', SECRETS, { body: aSecret('keys', more) });

const many = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, 'x']));

it.each([
  ['data that is no base64', { data: { api: PLAIN.api } }, 'data["api"]'],
  ['data that is one text', { data: PLAIN.api }, 'data'],
  ['texts in a list', { stringData: [PLAIN.api] }, 'stringData'],
  ['a number', { stringData: { pin: 47_110_815 } }, 'stringData["pin"]'],
  ['a value in a value', { data: { api: { value: PLAIN.api } } }, 'data["api"]'],
  ['no name for a key', { stringData: { '': PLAIN.api } }, 'data[""]'],
  ['a path for a key', { stringData: { '../api': PLAIN.api } }, 'data["../api"]'],
  ['too many keys', { stringData: many(65) }, 'data'],
  ['too much', { stringData: { api: 'x'.repeat(MAX_SECRET_BYTES), b: 'y' } }, 'data'],
  ['another type', { type: 'kubernetes.io/tls', stringData: PLAIN }, 'type'],
  ['a login without a password', { type: 'registry', stringData: PLAIN }, 'data'],
  ['a deploy key without a key', { type: 'ssh', stringData: PLAIN }, 'data'],
])('refuses %s, and quotes no value', async (_what, more, field) => {
  const { code, body, text } = await post(more);
  expect([code, body.details.causes[0].field]).toEqual([422, field]);
  expect(found(text, [...Object.values(PLAIN), '47110815'])).toEqual([]);
});

it('takes as many keys and bytes as are allowed', async () => {
  expect((await post({ stringData: many(64) })).code).toBe(201);
  const body = aSecret('large', { stringData: { api: 'x'.repeat(MAX_SECRET_BYTES) } });
  expect((await api.call('POST', SECRETS, { body })).code).toBe(201);
});

it.each(['Strict', 'Warn', 'Ignore'])(
  'keeps nothing of a field that it does not know, whatever is asked (%s)',
  async (validation) => {
    const body = aSecret('keys', { stringdata: PLAIN });
    const { text, headers } = await api.call('POST', `${SECRETS}?fieldValidation=${validation}`, {
      body,
    });
    const listed = await api.call('GET', SECRETS);
    const all = `${text}${JSON.stringify(headers)}${listed.text}`;
    expect(found(all, Object.values(PLAIN))).toEqual([]);
  },
);

it.each([
  ['text', PLAIN.token],
  ['base64', base64(PLAIN.token)],
  ['what another tool remembers', JSON.stringify({ spec: { token: PLAIN.token } })],
])('refuses an annotation that holds a value as %s', async (_form, note) => {
  const metadata = { name: 'keys', annotations: { note } };
  const { code, text } = await post({ metadata, stringData: PLAIN });
  expect(code).toBe(422);
  expect(text).toContain('metadata.annotations[\\"note\\"]');
  expect(found(text, Object.values(PLAIN))).toEqual([]);
});

it('keeps of what kubectl remembers the keys alone', async () => {
  const record = aSecret('keys', {
    stringData: PLAIN,
    data: { other: base64(PLAIN.api) },
    stringdata: PLAIN,
  });
  const name = 'kubectl.kubernetes.io/last-applied-configuration';
  const { metadata } = await created(api, {
    metadata: { name: 'keys', annotations: { [name]: JSON.stringify(record) } },
    stringData: { api: PLAIN.api },
  });
  const kept = metadata.annotations?.[name] ?? '';
  expect(found(kept, Object.values(PLAIN))).toEqual([]);
  expect(Object.keys(JSON.parse(kept).stringData as object)).toEqual(['api', 'token']);
});

it('keeps nothing of a record that nobody can read', async () => {
  const name = 'kubectl.kubernetes.io/last-applied-configuration';
  const { metadata } = await created(api, {
    metadata: { name: 'keys', annotations: { [name]: `{"stringData": ${PLAIN.api}` } },
    stringData: { token: PLAIN.token },
  });
  expect(metadata.annotations).toBeUndefined();
});
