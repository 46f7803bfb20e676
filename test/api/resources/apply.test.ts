import { describe, expect, it } from 'vitest';
import { draftOf } from '../../../src/model/draft.js';
import { CONTAINERS_FINALIZER } from '../../../src/model/names.js';
import { aManifest } from '../../helpers/builders.js';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

const headers = { 'content-type': 'application/apply-patch+yaml' };

/** Applies as a manager; `path` is that of the object, with its query. */
function apply(api: TestApi, manager: string, body: unknown, path = 'demo'): Promise<Answer> {
  const [place = '', query = ''] = path.split('?');
  const url = `${MODULES}/${place}?fieldManager=${manager}&${query}`;
  return api.call('PATCH', url, { body, headers });
}

const merge = (api: TestApi, manager: string, body: unknown, place = 'demo'): Promise<Answer> =>
  api.call('PATCH', `${MODULES}/${place}?fieldManager=${manager}`, {
    body,
    headers: { 'content-type': MERGE_PATCH },
  });

const bare = (spec: object, metadata: object = {}) => ({
  ...{ apiVersion: 'registrar.synapsis.network/v1', kind: 'Module' },
  ...{ metadata: { name: 'demo', ...metadata }, spec },
});

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly time: string;
  readonly fieldsV1: object;
}

const entriesIn = ({ body }: Answer): Entry[] => (body.metadata.managedFields ?? []) as Entry[];

/** The authors of the entries. */
const authorsIn = (answer: Answer): string[] =>
  entriesIn(answer).map(({ manager, operation, subresource }) =>
    [manager, operation, subresource].filter(Boolean).join('/'),
  );

const fieldsOf = (answer: Answer, author: string): object | undefined =>
  entriesIn(answer).find(
    ({ manager, operation, subresource }) =>
      [manager, operation, subresource].filter(Boolean).join('/') === author,
  )?.fieldsV1;

const read = (api: TestApi): Promise<Answer> => api.call('GET', `${MODULES}/demo`);

describe('server-side apply of a module', () => {
  it('creates it, with defaults and the finalizer, and the manager has what it said', async () => {
    const api = await openTestApi();
    const answer = await apply(api, 'me', aModule('demo', { replicas: 2 }));
    expect(answer).toMatchObject({
      code: 201,
      body: {
        metadata: { generation: 1, finalizers: [CONTAINERS_FINALIZER] },
        spec: { replicas: 2, suspend: false },
        status: { phase: 'Pending' },
      },
    });
    expect(entriesIn(answer)).toEqual([
      {
        ...{ manager: 'me', operation: 'Apply', fieldsType: 'FieldsV1' },
        ...{ apiVersion: 'registrar.synapsis.network/v1', time: expect.stringMatching(/Z$/) },
        fieldsV1: {
          'f:spec': {
            ...{ 'f:version': {}, 'f:type': {}, 'f:license': {}, 'f:image': {} },
            'f:replicas': {},
          },
        },
      },
    ]);
  });

  it('changes nothing when it says the same again', async () => {
    const api = await openTestApi();
    const { body } = await apply(api, 'me', aModule('demo', { env: [{ name: 'A', value: '1' }] }));
    const again = await apply(api, 'me', aModule('demo', { env: [{ name: 'A', value: '1' }] }));
    expect(again).toMatchObject({ code: 200, body });
  });

  it('takes YAML, and JSON under its name', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo'));
    const yaml = 'apiVersion: registrar.synapsis.network/v1\nkind: Module\nspec: { replicas: 7 }\n';
    expect((await apply(api, 'other', yaml)).body.spec.replicas).toBe(7);
    expect((await apply(api, 'other', 'a: [')).code).toBe(400);
    expect((await apply(api, 'other', '{"a"')).code).toBe(400);
    expect((await apply(api, 'other', '[]')).code).toBe(400);
    expect((await apply(api, 'other', `a: ${'x'.repeat(256 * 1024)}`)).code).toBe(413);
  });

  it('removes what the manager does not say any more, and puts back defaults', async () => {
    const api = await openTestApi();
    const more = {
      replicas: 3,
      healthCheck: { tcp: { port: 80 } },
      env: [{ name: 'A', value: '1' }],
    };
    await apply(api, 'me', aModule('demo', more, { labels: { a: '1' } }));
    const { body } = await apply(api, 'me', aModule('demo'));
    expect(body.spec).toMatchObject({ replicas: 1, env: [] });
    expect(body.spec).not.toHaveProperty('healthCheck');
    expect(body.metadata).not.toHaveProperty('labels');
    expect(body.metadata.finalizers).toEqual([CONTAINERS_FINALIZER]);
  });

  it('shares a module among managers, down to items of lists', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo', { env: [{ name: 'A', value: '1' }] }));
    const other = await apply(api, 'other', bare({ env: [{ name: 'B', value: '2' }] }));
    expect(other.body.spec.env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
    const { body } = await apply(api, 'me', aModule('demo'));
    expect(body.spec.env).toEqual([{ name: 'B', value: '2' }]);
  });

  it('does not take what is another’s, but when it is forced', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo', { replicas: 2 }));
    const refused = await apply(api, 'other', aModule('demo', { replicas: 3 }));
    expect(refused).toMatchObject({
      code: 409,
      body: {
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "me": .spec.replicas',
        details: {
          causes: [
            {
              reason: 'FieldManagerConflict',
              message: 'conflict with "me"',
              field: '.spec.replicas',
            },
          ],
        },
      },
    });
    const forced = await apply(api, 'other', aModule('demo', { replicas: 3 }), 'demo?force=true');
    expect([forced.code, forced.body.spec.replicas]).toEqual([200, 3]);
    expect(fieldsOf(forced, 'me/Apply')).not.toHaveProperty(['f:spec', 'f:replicas']);
    const back = await apply(api, 'me', aModule('demo', { replicas: 2 }));
    expect(back.body.message).toContain('conflict with "other": .spec.replicas');
  });

  it('names the way in which a value was set', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo', { replicas: 2 }));
    await merge(api, 'kubectl-patch', { spec: { replicas: 5 } });
    await merge(api, 'kubectl', { spec: { replicas: 6 } }, 'demo/scale');
    expect(authorsIn(await read(api))).toEqual(['me/Apply', 'kubectl/Update/scale']);
    const { body } = await apply(api, 'me', aModule('demo', { replicas: 2 }));
    expect(body.message).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using registrar.synapsis.network/v1: .spec.replicas',
    );
  });

  it('stores nothing in a dry run', async () => {
    const api = await openTestApi();
    expect((await apply(api, 'me', aModule('demo'), 'demo?dryRun=All')).code).toBe(201);
    expect((await read(api)).code).toBe(404);
    await apply(api, 'me', aModule('demo'));
    const before = await read(api);
    const dry = await apply(api, 'me', aModule('demo', { replicas: 9 }), 'demo?dryRun=All');
    expect(dry.body.spec.replicas).toBe(9);
    expect(await read(api)).toMatchObject({ body: before.body });
  });

  it('drops unknown fields with a warning, or as it is told, and nobody has them', async () => {
    const api = await openTestApi();
    const typo = aModule('demo', { replicaz: 2 }, { lables: {} });
    const strict = await apply(api, 'me', typo, 'demo?fieldValidation=Strict');
    expect(strict.code).toBe(400);
    expect(strict.body.message).toContain('unknown field "spec.replicaz"');
    expect(strict.body.message).toContain('unknown field "metadata.lables"');
    const warned = await apply(api, 'me', typo);
    expect(warned.code).toBe(201);
    expect(String(warned.headers['warning'])).toContain('spec.replicaz');
    expect(JSON.stringify(entriesIn(warned))).not.toContain('replicaz');
  });

  it.each([
    ['no manager', 'fieldManager=', aModule('demo'), 422],
    ['a long name of the manager', `fieldManager=${'m'.repeat(129)}`, aModule('demo'), 422],
    ['a name that hides something', 'fieldManager=a%1bb', aModule('demo'), 422],
    [
      'managed fields',
      'fieldManager=me',
      aModule('demo', {}, { managedFields: [{ manager: 'me' }] }),
      400,
    ],
    ['another name', 'fieldManager=me', aModule('other'), 400],
    ['another kind', 'fieldManager=me', { ...aModule('demo'), kind: 'Pod' }, 400],
    ['no kind', 'fieldManager=me', { spec: {} }, 400],
    ['a wrong value', 'fieldManager=me', aModule('demo', { replicas: -1 }), 422],
    ['no spec', 'fieldManager=me', bare({}), 422],
    ['a spec that is none', 'fieldManager=me', { ...aModule('demo'), spec: 'x' }, 422],
    ['metadata that is none', 'fieldManager=me', { ...aModule('demo'), metadata: [] }, 400],
    ['a uid of what is not there', 'fieldManager=me', aModule('demo', {}, { uid: 'x' }), 409],
    [
      'a version of what is not there',
      'fieldManager=me',
      aModule('demo', {}, { resourceVersion: '1' }),
      409,
    ],
  ])('is refused with %s', async (_what, query, body, code) => {
    const api = await openTestApi();
    expect((await api.call('PATCH', `${MODULES}/demo?${query}`, { body, headers })).code).toBe(
      code,
    );
    expect((await read(api)).code).toBe(404);
  });

  it('has resourceVersion and uid as preconditions', async () => {
    const api = await openTestApi();
    const { body } = await apply(api, 'me', aModule('demo'));
    const { resourceVersion, uid } = body.metadata;
    expect((await apply(api, 'me', aModule('demo', {}, { resourceVersion: '99' }))).code).toBe(409);
    expect((await apply(api, 'me', aModule('demo', {}, { uid: 'other' }))).code).toBe(409);
    const good = aModule('demo', { replicas: 2 }, { resourceVersion, uid });
    expect((await apply(api, 'me', good)).code).toBe(200);
  });

  it('lets all of many that create it at once have their part', async () => {
    const api = await openTestApi();
    const labels = Array.from({ length: 8 }, (_, n) => `l${n}`);
    const answers = await Promise.all(
      labels.map((label) => apply(api, label, aModule('demo', {}, { labels: { [label]: 'x' } }))),
    );
    const codes = answers.map(({ code }) => code).toSorted((a, b) => a - b);
    expect(codes).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    const { body } = await read(api);
    expect(Object.keys(body.metadata.labels)).toEqual(labels);
  });

  it('ends when there are too many managers', async () => {
    const api = await openTestApi();
    for (let n = 0; n < 64; n += 1) await apply(api, `m${n}`, aModule('demo'));
    const { code, body } = await apply(api, 'm64', aModule('demo'));
    expect([code, body.details.causes[0].field]).toEqual([422, 'metadata.managedFields']);
  });
});

describe('server-side apply of a part of a module', () => {
  const ready = {
    ...{ type: 'Ready', status: 'True', reason: 'Up', message: 'Up', observedGeneration: 1 },
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };

  it('changes the status alone', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo'));
    const config = { ...bare({ replicas: 99 }), status: { restarts: 7, conditions: [ready] } };
    const answer = await apply(api, 'probe', config, 'demo/status');
    expect(answer.body).toMatchObject({
      metadata: { generation: 1 },
      spec: { replicas: 1 },
      status: { phase: 'Pending', restarts: 7, conditions: [ready] },
    });
    expect(fieldsOf(answer, 'probe/Apply/status')).toMatchObject({
      'f:status': {
        'f:restarts': {},
        'f:conditions': { 'k:{"type":"Ready"}': { 'f:status': {} } },
      },
    });
    const given = await apply(
      api,
      'probe',
      { ...bare({}), status: { restarts: 7 } },
      'demo/status',
    );
    expect(given.body.status.conditions).toEqual([]);
    expect(
      (await apply(api, 'other', { ...bare({}), status: { restarts: 8 } }, 'demo/status')).code,
    ).toBe(409);
  });

  it('gives its fields up to Registrar, which writes a status without an entry', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo'));
    await apply(api, 'probe', { ...bare({}), status: { restarts: 7, replicas: 1 } }, 'demo/status');
    await api.registry.update(
      'Module',
      'demo',
      (current) => ({ ...current, status: { ...current.status, restarts: 9 } }),
      { subresource: 'status' },
    );
    const answer = await read(api);
    expect(fieldsOf(answer, 'probe/Apply/status')).toEqual({ 'f:status': { 'f:replicas': {} } });
    expect(authorsIn(answer)).toContain('me/Apply');
  });

  it('changes the replicas through the scale', async () => {
    const api = await openTestApi();
    await apply(api, 'me', aModule('demo'));
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 4 } };
    const answer = await apply(api, 'scaler', scale, 'demo/scale');
    expect(answer.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } });
    expect(fieldsOf(await read(api), 'scaler/Apply/scale')).toEqual({
      'f:spec': { 'f:replicas': {} },
    });
    expect((await apply(api, 'me', aModule('demo', { replicas: 2 }))).code).toBe(409);
  });

  it('creates nothing', async () => {
    const api = await openTestApi();
    const config = { ...bare({}), status: { restarts: 7 } };
    expect((await apply(api, 'probe', config, 'demo/status')).code).toBe(404);
  });
});

describe('the record of who has which field', () => {
  it('has every other write too, by the name of the program when no other is given', async () => {
    const api = await openTestApi();
    const agent = { 'user-agent': 'kubectl/v1.32.0 (linux/amd64)' };
    await api.call('POST', MODULES, { body: aModule('demo'), headers: agent });
    expect(authorsIn(await read(api))).toEqual(['kubectl/Update']);
    const { body } = await merge(api, 'editor', { spec: { replicas: 2 } });
    await api.call('PUT', `${MODULES}/demo?fieldManager=putter`, {
      body: { ...body, spec: { ...body.spec, image: 'other:1' } },
    });
    const answer = await read(api);
    expect(authorsIn(answer).toSorted()).toEqual([
      'editor/Update',
      'kubectl/Update',
      'putter/Update',
    ]);
    expect(fieldsOf(answer, 'putter/Update')).toEqual({ 'f:spec': { 'f:image': {} } });
    expect(fieldsOf(answer, 'editor/Update')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it.each(['', '/1.0', 'x'.repeat(300), '\u00e9\u009b'])(
    'takes the program %j as it can',
    async (agent) => {
      const api = await openTestApi();
      await api.call('POST', MODULES, { body: aModule('demo'), headers: { 'user-agent': agent } });
      const [entry] = entriesIn(await read(api));
      expect(entry?.manager).toMatch(agent.startsWith('x') ? /^x{128}$/ : /^unknown$/);
    },
  );

  it('can be written by clients, which is how kubectl moves from client-side apply', async () => {
    const api = await openTestApi();
    const created = await api.call('POST', `${MODULES}?fieldManager=kubectl-client-side-apply`, {
      body: aModule('demo', { replicas: 2 }),
    });
    expect((await apply(api, 'kubectl', aModule('demo', { replicas: 3 }))).code).toBe(200);
    const live = await read(api);
    const entries = entriesIn(live);
    const own = entries.find(({ operation }) => operation === 'Apply');
    const [old] = entriesIn(created);
    const moved = [{ ...own, fieldsV1: { ...old?.fieldsV1, ...own?.fieldsV1 } }];
    const { code, body } = await api.call('PATCH', `${MODULES}/demo`, {
      body: [
        { op: 'replace', path: '/metadata/managedFields', value: moved },
        {
          op: 'replace',
          path: '/metadata/resourceVersion',
          value: live.body.metadata.resourceVersion,
        },
      ],
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect(code).toBe(200);
    expect(body.metadata.managedFields).toEqual(moved);
    const last = await apply(api, 'kubectl', aModule('demo', { replicas: 3 }));
    expect(authorsIn(last)).toEqual(['kubectl/Apply']);
  });

  it('is refused when it is none, and reset by an empty entry', async () => {
    const api = await openTestApi();
    const { body } = await api.call('POST', MODULES, { body: aModule('demo') });
    for (const managedFields of [
      [{ manager: 'x' }],
      [{}, {}],
      [{ ...body.metadata.managedFields[0], operation: 'X' }],
    ]) {
      const answer = await merge(api, 'me', { metadata: { managedFields } });
      expect([answer.code, answer.body.details.causes[0].field]).toEqual([
        422,
        'metadata.managedFields',
      ]);
    }
    expect((await merge(api, 'me', { metadata: { managedFields: null } })).body).toEqual(body);
    const reset = await merge(api, 'me', { metadata: { managedFields: [{}] } });
    expect(reset.body.metadata).not.toHaveProperty('managedFields');
  });
});

describe('server-side apply of a module that a file declares', () => {
  it('names the file rather than its manager, by force too', async () => {
    const api = await openTestApi();
    const draft = draftOf(aManifest('demo'), { configFile: 'miners/a.yaml' });
    await api.registry.create('Module', draft);
    for (const query of ['', '?force=true']) {
      const { code, body } = await apply(
        api,
        'me',
        aModule('demo', { replicas: 4 }),
        `demo${query}`,
      );
      expect(code).toBe(409);
      expect(body.message).toContain('is declared in file "miners/a.yaml"');
    }
    const same = await apply(api, 'me', bare({ replicas: 1 }));
    expect(same.code).toBe(200);
  });
});
