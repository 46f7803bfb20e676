import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RESOURCE_RULES } from '../../../src/api/access/rules.js';
import type { AuditRecord } from '../../../src/model/audit.js';
import { auditOf } from '../../helpers/audit.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { aCountedSet, SETS } from '../../helpers/module-sets.js';
import { openTempRegistry } from '../../helpers/temp-registry.js';
import { bearer, makeToken, TOKENS, tokenManifest } from '../access/test-tokens.js';
import { aPolicy, POLICIES } from '../test-policies.js';
import { aModule, EVENTS, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, CallOptions, Method, TestApi } from '../test-api.js';

const MODULE_RESOURCE = 'modules.registrar.synapsis.network';
const TOKEN_RESOURCE = 'tokens.registrar.synapsis.network';
const merge = { 'content-type': MERGE_PATCH };

const SECRETS = '/apis/registrar.synapsis.network/v1/secrets';
const aSecret = (name: string) => ({
  ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Secret', metadata: { name } },
  stringData: { a: 'one' },
});

const anEvent = {
  ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: 'deployed', namespace: 'default' } },
  involvedObject: { apiVersion: 'v1', kind: 'Module', name: 'web', namespace: 'default' },
  ...{ type: 'Normal', reason: 'Deployed', message: 'By hand' },
};

/** What a request did to the audit. */
async function linesOf(api: TestApi, work: () => Promise<unknown>): Promise<AuditRecord[]> {
  const before = (await auditOf(api.registry)).length;
  await work();
  return (await auditOf(api.registry)).slice(before);
}

async function withModule(): Promise<TestApi> {
  const api = await openTestApi();
  await api.call('POST', MODULES, { body: aModule('web') });
  await api.call('POST', TOKENS, { body: tokenManifest('ci') });
  await api.call('POST', POLICIES, { body: aPolicy('mild') });
  await api.call('POST', SECRETS, { body: aSecret('keys') });
  await api.call('POST', SETS, { body: aCountedSet('miners', 1) });
  return api;
}

/** Verb and resource of each request that changes something, and how it is sent. */
const CHANGES: [string, string, (api: TestApi) => Promise<Answer>][] = [
  ['create modules', 'other', (api) => api.call('POST', MODULES, { body: aModule('other') })],
  [
    'update modules',
    'web',
    async (api) => {
      const { body } = await api.call('GET', `${MODULES}/web`);
      const changed = { ...body, spec: { ...body.spec, replicas: 2 } };
      return api.call('PUT', `${MODULES}/web`, { body: changed });
    },
  ],
  ['patch modules', 'web', patch(`${MODULES}/web`, { spec: { replicas: 3 } })],
  ['patch modules/scale', 'web', patch(`${MODULES}/web/scale`, { spec: { replicas: 4 } })],
  [
    'update modules/scale',
    'web',
    async (api) => {
      const { body } = await api.call('GET', `${MODULES}/web/scale`);
      return api.call('PUT', `${MODULES}/web/scale`, { body: { ...body, spec: { replicas: 5 } } });
    },
  ],
  ['patch modules/status', 'web', patch(`${MODULES}/web/status`, { status: { phase: 'Running' } })],
  [
    'update modules/status',
    'web',
    async (api) => {
      const { body } = await api.call('GET', `${MODULES}/web`);
      const changed = { ...body, status: { ...body.status, phase: 'Failed' } };
      return api.call('PUT', `${MODULES}/web/status`, { body: changed });
    },
  ],
  ['delete modules', 'web', (api) => api.call('DELETE', `${MODULES}/web`)],
  ['create modulesets', 'more', (api) => api.call('POST', SETS, { body: aCountedSet('more', 1) })],
  [
    'update modulesets',
    'miners',
    async (api) => {
      const { body } = await api.call('GET', `${SETS}/miners`);
      const changed = { ...body, spec: { ...body.spec, replicas: 2 } };
      return api.call('PUT', `${SETS}/miners`, { body: changed });
    },
  ],
  ['patch modulesets', 'miners', patch(`${SETS}/miners`, { spec: { replicas: 3 } })],
  ['patch modulesets/scale', 'miners', patch(`${SETS}/miners/scale`, { spec: { replicas: 4 } })],
  [
    'update modulesets/scale',
    'miners',
    async (api) => {
      const { body } = await api.call('GET', `${SETS}/miners/scale`);
      return api.call('PUT', `${SETS}/miners/scale`, { body: { ...body, spec: { replicas: 5 } } });
    },
  ],
  [
    'patch modulesets/status',
    'miners',
    patch(`${SETS}/miners/status`, { status: { replicas: 9 } }),
  ],
  [
    'update modulesets/status',
    'miners',
    async (api) => {
      const { body } = await api.call('GET', `${SETS}/miners`);
      const changed = { ...body, status: { ...body.status, replicas: 7 } };
      return api.call('PUT', `${SETS}/miners/status`, { body: changed });
    },
  ],
  ['delete modulesets', 'miners', (api) => api.call('DELETE', `${SETS}/miners`)],
  ['create policies', 'strict', (api) => api.call('POST', POLICIES, { body: aPolicy('strict') })],
  [
    'update policies',
    'mild',
    async (api) => {
      const { body } = await api.call('GET', `${POLICIES}/mild`);
      const changed = { ...body, spec: { ...body.spec, priority: 1 } };
      return api.call('PUT', `${POLICIES}/mild`, { body: changed });
    },
  ],
  ['patch policies', 'mild', patch(`${POLICIES}/mild`, { spec: { priority: 2 } })],
  ['delete policies', 'mild', (api) => api.call('DELETE', `${POLICIES}/mild`)],
  ['create secrets', 'other', (api) => api.call('POST', SECRETS, { body: aSecret('other') })],
  [
    'update secrets',
    'keys',
    async (api) => {
      const { body } = await api.call('GET', `${SECRETS}/keys`);
      return api.call('PUT', `${SECRETS}/keys`, { body: { ...body, stringData: { b: 'two' } } });
    },
  ],
  ['patch secrets', 'keys', patch(`${SECRETS}/keys`, { stringData: { a: 'other' } })],
  ['delete secrets', 'keys', (api) => api.call('DELETE', `${SECRETS}/keys`)],
  ['create tokens', 'bot', (api) => api.call('POST', TOKENS, { body: tokenManifest('bot') })],
  [
    'update tokens',
    'ci',
    async (api) => {
      const { body } = await api.call('GET', `${TOKENS}/ci`);
      const changed = { ...body, spec: { ...body.spec, role: 'admin' } };
      return api.call('PUT', `${TOKENS}/ci`, { body: changed });
    },
  ],
  ['patch tokens', 'ci', patch(`${TOKENS}/ci`, { spec: { role: 'admin' } })],
  ['create tokens/rotate', 'ci', (api) => api.call('POST', `${TOKENS}/ci/rotate`)],
  ['delete tokens', 'ci', (api) => api.call('DELETE', `${TOKENS}/ci`)],
  [
    'create events',
    'deployed',
    (api) => api.call('POST', '/api/v1/namespaces/default/events', { body: anEvent }),
  ],
];

function patch(url: string, body: object) {
  return (api: TestApi): Promise<Answer> => api.call('PATCH', url, { body, headers: merge });
}

/** `modules.registrar.synapsis.network/scale` for `modules/scale`. */
const fullName = (short: string): string =>
  short.replace(
    /^(?:modulesets|modules|policies|secrets|tokens)/,
    (plural) => `${plural}.registrar.synapsis.network`,
  );

describe('a change through the API', () => {
  it.each(CHANGES)('%s %s has its line', async (what, name, send) => {
    const api = await withModule();
    let answer: Answer | undefined;
    const lines = await linesOf(api, async () => (answer = await send(api)));
    const [verb = '', resource = ''] = what.split(' ');
    expect(answer?.code, answer?.text).toBeLessThan(300);
    expect(lines).toEqual([
      expect.objectContaining({
        ...{ user: 'admin', source: '127.0.0.1', verb, resource: fullName(resource), name },
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      }),
    ]);
    expect(lines[0]?.code).toBe(lines[0]?.oldHash === '' ? 201 : 200);
  });

  it('is in the list above, whatever the table of rules lets people change', () => {
    const known = new Set([...CHANGES.map(([what]) => what), ...ELSEWHERE]);
    const ruled = RESOURCE_RULES.flatMap(({ resource, verbs }) =>
      verbs.map((verb) => `${verb} ${resource}`),
    );
    const changing = ruled.filter((what) => !/^(?:get|list|watch) /.test(what));
    expect(changing.filter((what) => !known.has(what) && !QUESTIONS.test(what))).toEqual([]);
  });

  it('that only tries, or asks, or finds nothing to do has none', async () => {
    const api = await withModule();
    const lines = await linesOf(api, async () => {
      await api.call('POST', `${MODULES}?dryRun=All`, { body: aModule('other') });
      await api.call('POST', `${MODULES}?dryRun=All`, { body: aModule('web') });
      await patch(`${MODULES}/web?dryRun=All`, { spec: { replicas: 7 } })(api);
      await patch(`${MODULES}/web`, { spec: { replicas: 1 } })(api);
      await api.call('POST', `${MODULES}/web/plan`, { body: aModule('web') });
      await api.call('GET', `${MODULES}/nothing`);
    });
    expect(lines).toEqual([]);
  });

  it('of held modules is told before they go', async () => {
    const objects = [
      { kind: 'Policy', name: 'a' },
      { kind: 'Module', name: 'b' },
    ] as const;
    const held = { reason: 'DirectoryEmpty', message: 'Empty', objects } as const;
    const api = await openTestApi({
      config: {
        ...{ directory: 'config', problems: () => [], held: () => held, notice: () => undefined },
        policyProblem: () => undefined,
        confirmPrune: async () => objects,
      },
    });
    const lines = await linesOf(api, () => api.call('POST', '/configz/confirm-prune'));
    expect(lines).toMatchObject([
      { verb: 'post', resource: '/configz/confirm-prune', name: 'policy/a,module/b' },
    ]);
  });
});

describe('a rotation of the keys of Secrets', () => {
  it('has its line, and is for admins alone', async () => {
    const api = await withModule();
    const operator = await makeToken(api, 'op', { role: 'operator' });
    const path = '/secretz/rotate-keys';
    const lines = await linesOf(api, async () => {
      expect((await api.call('POST', path, { headers: bearer(operator) })).code).toBe(403);
      const { code, body } = await api.call('POST', path);
      expect([code, body]).toEqual([
        200,
        expect.objectContaining({ kind: 'KeyRotation', wrapped: 1 }),
      ]);
    });
    expect(lines).toMatchObject([
      { user: 'op', verb: 'post', resource: path, code: 403 },
      { user: 'admin', verb: 'post', resource: path, code: 200 },
    ]);
  });
});

/** Tested where they are made. */
const ELSEWHERE = [
  ...['create pods/exec', 'deletecollection modules', 'deletecollection tokens'],
  ...['deletecollection policies', 'deletecollection modulesets'],
  // test/api/versions/notices.test.ts looks at theirs.
  ...['create modules/yank', 'delete modules/yank'],
  ...['create modules/deprecate', 'delete modules/deprecate'],
  'deletecollection secrets',
];
const QUESTIONS = /^create (?:selfsubject|modules\/plan)/;

describe('a request that is denied', () => {
  type Denied = [string, Method, string, CallOptions['headers'], object];
  it.each<Denied>([
    [
      'without a token',
      ...(['GET', MODULES, { authorization: '' }] as const),
      { code: 401, reason: 'Unauthorized', verb: 'list', resource: MODULE_RESOURCE, name: '' },
    ],
    [
      'with a wrong token',
      ...(['DELETE', `${MODULES}/web`, bearer('wrong')] as const),
      { code: 401, verb: 'delete', resource: MODULE_RESOURCE, name: 'web' },
    ],
    [
      'for another user',
      ...(['GET', '/metrics', { 'impersonate-user': 'root' }] as const),
      { code: 403, reason: 'Forbidden', verb: 'get', resource: '/metrics' },
    ],
    [
      'to a path that is not there',
      ...(['POST', '/etc/passwd?token=hunter2', { authorization: '' }] as const),
      { code: 401, verb: 'post', resource: '/etc/passwd' },
    ],
  ])('%s has its line', async (_what, method, url, headers = {}, expected) => {
    const api = await withModule();
    const lines = await linesOf(api, () => api.call(method, url, { headers }));
    expect(lines).toMatchObject([
      { user: 'system:anonymous', groups: ['system:unauthenticated'], count: 1, ...expected },
    ]);
  });

  it('to somebody who is known has their name', async () => {
    const api = await withModule();
    const headers = bearer(await makeToken(api, 'eve', { role: 'viewer' }));
    const lines = await linesOf(api, async () => {
      await api.call('DELETE', `${MODULES}/web`, { headers });
      await api.call('GET', `${TOKENS}/ci`, { headers });
      await api.call('GET', '/auditz', { headers });
      await api.call('GET', '/auditz/verify', { headers });
    });
    const groups = ['system:authenticated', 'registrar:viewer'];
    const common = { user: 'eve', groups, code: 403, oldHash: '', newHash: '' };
    expect(lines).toMatchObject([
      { ...common, verb: 'delete', resource: MODULE_RESOURCE, name: 'web' },
      { ...common, verb: 'get', resource: TOKEN_RESOURCE, name: 'ci' },
      { ...common, verb: 'get', resource: '/auditz' },
      { ...common, verb: 'get', resource: '/auditz/verify' },
    ]);
  });

  it('for a name in its body has that name', async () => {
    const api = await withModule();
    const headers = bearer(await makeToken(api, 'bob', { role: 'operator', modules: ['bob-*'] }));
    const lines = await linesOf(api, () =>
      api.call('POST', MODULES, { body: aModule('eve-1'), headers }),
    );
    expect(lines).toMatchObject([{ user: 'bob', verb: 'create', name: 'eve-1', code: 403 }]);
  });
});

describe('a change that is refused', () => {
  it.each<[string, Method, string, CallOptions, object]>([
    ['exists', 'POST', MODULES, { body: aModule('web') }, { code: 409, reason: 'AlreadyExists' }],
    ['is invalid', 'POST', MODULES, { body: aModule('web', { type: 'x' }) }, { code: 422 }],
    ['cannot be read', 'POST', MODULES, { body: '{' }, { code: 400 }],
    ['is too large', 'POST', MODULES, { body: 'x'.repeat(4 * 1024 ** 2) }, { code: 413 }],
    ['is not there', 'DELETE', `${MODULES}/nothing`, {}, { code: 404, name: 'nothing' }],
    [
      'is of an unknown type',
      'PATCH',
      `${MODULES}/web`,
      { body: '{}', headers: { 'content-type': 'application/strategic-merge-patch+json' } },
      { code: 415, verb: 'patch', name: 'web' },
    ],
  ])('because it %s has its line', async (_what, method, url, options, expected) => {
    const api = await withModule();
    const lines = await linesOf(api, () => api.call(method, url, options));
    expect(lines).toMatchObject([{ user: 'admin', resource: MODULE_RESOURCE, ...expected }]);
  });
});

it('the audit holds no secret', async () => {
  const api = await withModule();
  const secret = await makeToken(api, 'bot', { role: 'admin' });
  const env = [{ name: 'KEY', value: 'hunter2' }];
  await api.call('POST', MODULES, { body: aModule('keyed', { env }), headers: bearer(secret) });
  await api.call('POST', MODULES, { body: aModule('keyed', { env }), headers: bearer(secret) });
  await api.call('GET', `${MODULES}?token=hunter2`, { headers: bearer('hunter2') });
  await api.call('POST', `${TOKENS}/bot/rotate`, { headers: { ...bearer(secret), x: 'hunter2' } });
  const text = JSON.stringify(await auditOf(api.registry));
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain(secret.slice(4, 20));
});

describe('a flood of denied requests', () => {
  const deny = (api: TestApi, remoteAddress: string): Promise<unknown> =>
    api.server.inject({ url: MODULES, remoteAddress, headers: { 'x-forwarded-for': '10.9.9.9' } });

  const requestsIn = (lines: readonly AuditRecord[]): number =>
    lines.reduce((sum, { count }) => sum + count, 0);

  it('from one address has some lines, and then one for all others', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    for (let count = 0; count < 150; count += 1) await deny(api, '10.0.0.7');
    expect(await auditOf(api.registry)).toHaveLength(20);
    await clock.advance(60_000);
    const lines = await auditOf(api.registry);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toMatchObject({
      ...{ user: 'system:anonymous', source: '10.0.0.7', verb: '*', resource: '*', code: 401 },
      ...{ count: 130, requestId: '' },
    });
    await deny(api, '10.0.0.7');
    expect(await auditOf(api.registry)).toHaveLength(22);
  });

  it('from many addresses has few lines, in which every request is counted', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    for (let count = 0; count < 1000; count += 1) {
      await deny(api, count % 2 === 0 ? `10.0.${count >> 8}.${count & 255}` : `2001:db8::${count}`);
    }
    await clock.advance(60_000);
    const lines = await auditOf(api.registry);
    expect(lines.length).toBeLessThanOrEqual(120);
    expect(requestsIn(lines)).toBe(1000);
    expect(lines.filter(({ source }) => source === '*')).toHaveLength(1);
    expect(lines.filter(({ source }) => source.includes(':')).length).toBeLessThanOrEqual(21);
  });

  it('of somebody who is known leaves the lines of others', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    const headers = bearer(await makeToken(api, 'eve'));
    for (let count = 0; count < 150; count += 1) await api.call('GET', TOKENS, { headers });
    const lines = await linesOf(api, async () => {
      await api.call('POST', MODULES, { body: aModule('web') });
      await api.call('POST', MODULES, { body: aModule('web') });
      await deny(api, '10.0.0.8');
    });
    expect(lines.map(({ user, code }) => [user, code])).toEqual([
      ['admin', 201],
      ['admin', 409],
      ['system:anonymous', 401],
    ]);
  });

  it('is counted to its end when the server stops', async () => {
    const api = await openTestApi({ clock: new FakeClock() });
    for (let count = 0; count < 50; count += 1) await deny(api, '10.0.0.7');
    await api.server.close();
    expect(requestsIn(await auditOf(api.registry))).toBe(50);
  });

  it('with wrong tokens is counted, too', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    for (let count = 0; count < 50; count += 1) {
      await api.call('GET', MODULES, { headers: bearer(`guess-${count}`) });
    }
    await clock.advance(60_000);
    const lines = await auditOf(api.registry);
    expect(requestsIn(lines)).toBe(50);
    expect(new Set(lines.map(({ code }) => code))).toEqual(new Set([401, 429]));
  });
});

describe('while nothing can be written', () => {
  async function held(): Promise<TestApi> {
    const api = await withModule();
    const other = new Sqlite(join(api.store.dataDir, 'registrar.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    return api;
  }

  it.each<[string, Method, string, CallOptions]>([
    ['denied', 'GET', MODULES, { headers: { authorization: '' } }],
    ['a refused change', 'POST', MODULES, { body: aModule('web') }],
    ['a change', 'POST', MODULES, { body: aModule('other') }],
  ])('%s is answered with 503 and when to try again', async (_what, method, url, options) => {
    const api = await held();
    const { code, headers, body } = await api.call(method, url, options);
    expect([code, body.reason, headers['retry-after']]).toEqual([503, 'ServiceUnavailable', '5']);
    expect(api.registry.get('Module', 'other')).toBeUndefined();
  });

  it('reads work', async () => {
    const api = await held();
    expect((await api.call('GET', `${MODULES}/web`)).code).toBe(200);
    expect((await api.call('GET', EVENTS)).code).toBe(200);
  });
});

describe('/auditz', () => {
  it('lists the newest first, as asked for', async () => {
    const clock = new FakeClock();
    const { registry } = await openTempRegistry({ clock });
    const api = await openTestApi({ clock, registry });
    await api.call('POST', MODULES, { body: aModule('one') });
    await clock.advance(120_000);
    await api.call('POST', MODULES, { body: aModule('two') });
    await api.call('POST', MODULES, { body: aModule('two') });
    const namesAt = async (query: string): Promise<string[]> => {
      const { body } = await api.call('GET', `/auditz?${query}`);
      expect(body).toMatchObject({ kind: 'AuditList' });
      return (body.items as AuditRecord[]).map(({ name, code }) => `${name} ${code}`);
    };
    expect(await namesAt('')).toEqual(['two 409', 'two 201', 'one 201']);
    expect(await namesAt('limit=1')).toEqual(['two 409']);
    expect(await namesAt('before=2')).toEqual(['one 201']);
    expect(await namesAt('sinceSeconds=60')).toEqual(['two 409', 'two 201']);
    expect(await namesAt('result=refused')).toEqual(['two 409']);
    expect(await namesAt('name=one&user=admin&verb=create&resource=modules')).toEqual(['one 201']);
    expect(await namesAt('user=nobody')).toEqual([]);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'sinceSeconds=-1', 'before=1e3'])(
    'refuses %s',
    async (query) => {
      const api = await openTestApi();
      expect((await api.call('GET', `/auditz?${query}`)).code).toBe(400);
    },
  );

  it('says whether the chain holds', async () => {
    const api = await withModule();
    const { body } = await api.call('GET', '/auditz/verify');
    const lines = await auditOf(api.registry);
    expect(body).toEqual({
      ...{ kind: 'AuditVerification', apiVersion: 'registrar.synapsis.network/v1', ok: true },
      ...{ checked: lines.length, first: 1, last: lines.length, hash: lines.at(-1)?.hash },
    });
    const shell = new Sqlite(join(api.store.dataDir, 'registrar.db'));
    onTestFinished(() => void shell.close());
    shell.exec("UPDATE audit SET user = 'nobody' WHERE seq = 1");
    const broken = await api.call('GET', '/auditz/verify');
    expect(broken.body).toMatchObject({
      ok: false,
      problem: { seq: 1, message: 'It was changed' },
    });
  });
});
