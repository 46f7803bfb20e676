import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/model/secret.js';
import { MERGE_PATCH, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';
import { aSecret, base64, created, PLAIN, revealed, secretIn, SECRETS } from './test-secrets.js';

let api: TestApi;
const KEYS = `${SECRETS}/keys`;
const FINGERPRINT = /^hmac-sha256:[0-9a-f]{64}$/;

const merge = (patch: object, query = ''): Promise<Answer> =>
  api.call('PATCH', `${KEYS}${query}`, { body: patch, headers: { 'content-type': MERGE_PATCH } });
const jsonPatch = (operations: readonly object[]): Promise<Answer> =>
  api.call('PATCH', KEYS, {
    body: operations,
    headers: { 'content-type': 'application/json-patch+json' },
  });
const put = (object: object): Promise<Answer> => api.call('PUT', KEYS, { body: object });
const read = async () => secretIn(await api.call('GET', KEYS));

beforeEach(async () => {
  api = await openTestApi();
});

describe('a Secret that is made', () => {
  it('shows keys, sizes and keyed hashes, and keeps the values', async () => {
    const { data, status, type } = await created(api, {
      data: { api: base64(PLAIN.api) },
      stringData: { token: PLAIN.token },
    });
    expect(type).toBe('Opaque');
    expect(Object.keys(data)).toEqual(['api', 'token']);
    for (const value of Object.values(data)) expect(value).toMatch(FINGERPRINT);
    expect(status.revision).toBe(1);
    expect(status.keys['token']).toMatchObject({ bytes: PLAIN.token.length, revision: 1 });
    expect(revealed(api, 'keys', 'api')).toBe(PLAIN.api);
    expect(revealed(api, 'keys', 'token')).toBe(PLAIN.token);
  });

  it('has the same hash for the same value, in any Secret', async () => {
    await created(api, { stringData: { a: PLAIN.api, b: PLAIN.api, c: PLAIN.token } });
    await api.call('POST', SECRETS, { body: aSecret('other', { stringData: { d: PLAIN.api } }) });
    const other = secretIn(await api.call('GET', `${SECRETS}/other`));
    const { data } = await read();
    expect([data['b'], other.data['d']]).toEqual([data['a'], data['a']]);
    expect(data['c']).not.toBe(data['a']);
  });

  it('can hold bytes that are no text, nothing at all, and names of JavaScript', async () => {
    const bytes = Buffer.from([0, 255, 128, 10]);
    await created(api, { data: { bytes: bytes.toString('base64'), none: '', toString: 'YQ==' } });
    const values = api.registry.secrets.reveal('keys', ['bytes', 'none', 'toString', 'valueOf']);
    expect([...values]).toEqual([
      ['bytes', bytes],
      ['none', Buffer.alloc(0)],
      ['toString', Buffer.from('a')],
    ]);
  });

  it('in a dry run shows the same and stores nothing', async () => {
    const body = aSecret('keys', { stringData: { api: PLAIN.api } });
    const dry = await api.call('POST', `${SECRETS}?dryRun=All`, { body });
    expect(dry.code).toBe(201);
    expect(dry.body.data.api).toMatch(FINGERPRINT);
    expect(dry.body.status.keys.api.bytes).toBe(PLAIN.api.length);
    expect((await api.call('GET', KEYS)).code).toBe(404);
    expect((await created(api, { stringData: { api: PLAIN.api } })).data).toEqual(dry.body.data);
  });
});

describe('a Secret that is written again', () => {
  beforeEach(async () => {
    await created(api, { stringData: PLAIN });
  });

  it('keeps what is put as it was read, and loses what is left out', async () => {
    const before = await read();
    expect((await put(before)).body).toEqual(before);
    const { token: _token, ...data } = before.data;
    const after = secretIn(await put({ ...before, data: { ...data, more: base64('more') } }));
    expect(Object.keys(after.data)).toEqual(['api', 'more']);
    expect(after.data['api']).toBe(before.data['api']);
    expect(after.status.keys['api']).toEqual(before.status.keys['api']);
    expect(after.status.keys['more']?.revision).toBe(2);
    expect(revealed(api, 'keys', 'api')).toBe(PLAIN.api);
    expect(revealed(api, 'keys', 'token')).toBeUndefined();
  });

  it('keeps what a merge patch does not name, and loses what it says is null', async () => {
    await merge({ stringData: { api: 'another value' } });
    expect([revealed(api, 'keys', 'api'), revealed(api, 'keys', 'token')]).toEqual([
      'another value',
      PLAIN.token,
    ]);
    await merge({ data: { token: null } });
    expect(Object.keys((await read()).data)).toEqual(['api']);
    await merge({ stringData: { api: null } });
    expect((await read()).data).toEqual({});
  });

  it('takes a JSON patch', async () => {
    const { code } = await jsonPatch([
      { op: 'add', path: '/data/more', value: base64('more') },
      { op: 'remove', path: '/data/token' },
      { op: 'add', path: '/stringData', value: { api: 'as text' } },
    ]);
    expect(code).toBe(200);
    const keys = ['api', 'more', 'token'];
    expect(keys.map((key) => revealed(api, 'keys', key))).toEqual(['as text', 'more', undefined]);
  });

  it('is unchanged by the values that it has', async () => {
    const before = await read();
    expect((await merge({ stringData: PLAIN })).body).toEqual(before);
    expect(before.metadata.generation).toBe(1);
  });

  it('does not take the fingerprint of another value', async () => {
    const { data } = await read();
    for (const stranger of [data['token'], fingerprintOf('0'.repeat(64))]) {
      const { code, body } = await merge({ data: { api: stranger } });
      expect([code, body.details.causes[0].field]).toEqual([422, 'data["api"]']);
    }
    expect(revealed(api, 'keys', 'api')).toBe(PLAIN.api);
  });

  it('keeps its type', async () => {
    const { code, body } = await merge({ type: 'ssh', stringData: { privateKey: 'x' } });
    expect([code, body.details.causes[0].field]).toEqual([422, 'type']);
  });

  it('goes with its values, and another of its name has none of them', async () => {
    await api.call('DELETE', KEYS);
    expect(revealed(api, 'keys', 'api')).toBeUndefined();
    await created(api, { stringData: { token: 'new' } });
    expect(revealed(api, 'keys', 'api')).toBeUndefined();
    expect(revealed(api, 'keys', 'token')).toBe('new');
  });
});

describe('a Secret that is applied on the server', () => {
  const apply = (manager: string, more: object, force = false): Promise<Answer> =>
    api.call('PATCH', `${KEYS}?fieldManager=${manager}&force=${force}`, {
      body: aSecret('keys', more),
      headers: { 'content-type': 'application/apply-patch+yaml' },
    });

  it('loses what its manager does not say any more, also said as text', async () => {
    await apply('one', { stringData: PLAIN });
    await apply('two', { data: { more: base64('more') } });
    await apply('one', { stringData: { api: PLAIN.api } });
    expect(Object.keys((await read()).data)).toEqual(['api', 'more']);
  });

  it('asks before it changes what another manager set, and not for the same value', async () => {
    await apply('one', { stringData: PLAIN });
    expect((await apply('two', { data: { api: base64(PLAIN.api) } })).code).toBe(200);
    const { code, body } = await apply('two', { stringData: { api: 'other' } });
    expect([code, body.details.causes[0].field]).toEqual([409, '.data.api']);
    expect((await apply('two', { stringData: { api: 'other' } }, true)).code).toBe(200);
    expect(revealed(api, 'keys', 'api')).toBe('other');
  });
});
