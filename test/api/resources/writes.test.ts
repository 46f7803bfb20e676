import { describe, expect, it } from 'vitest';
import {
  CONFIG_FILE_ANNOTATION,
  CONTAINERS_FINALIZER,
  PRUNE_HELD_ANNOTATION,
  RESTARTED_AT_ANNOTATION,
  ROLLOUT_PAUSED_ANNOTATION,
} from '../../../src/model/names.js';
import { draftOf } from '../../../src/model/draft.js';
import { aManifest } from '../../helpers/builders.js';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';

const patch = (api: TestApi, path: string, body: unknown): Promise<Answer> =>
  api.call('PATCH', `${MODULES}/${path}`, { body, headers: { 'content-type': MERGE_PATCH } });

const create = (api: TestApi, ...args: Parameters<typeof aModule>): Promise<Answer> =>
  api.call('POST', MODULES, { body: aModule(...args) });

describe('POST of modules', () => {
  it('stores a module with defaults, server-owned metadata and the finalizer', async () => {
    const api = await openTestApi();
    const { code, body } = await create(api, 'demo', {}, { labels: { app: 'demo' } });
    expect(code).toBe(201);
    expect(body).toMatchObject({
      metadata: { name: 'demo', generation: 1, finalizers: [CONTAINERS_FINALIZER] },
      spec: { image: 'sample:1', replicas: 1, suspend: false },
      status: { phase: 'Pending' },
    });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect((await api.call('GET', `${MODULES}/demo`)).body).toEqual(body);
  });

  it('refuses a name that is taken', async () => {
    const api = await openTestApi();
    await create(api, 'demo');
    expect((await create(api, 'demo')).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'modules.registrar.synapsis.network "demo" already exists',
      reason: 'AlreadyExists',
      details: { name: 'demo', group: 'registrar.synapsis.network', kind: 'modules' },
      code: 409,
    });
  });

  it('makes a name from generateName', async () => {
    const api = await openTestApi();
    const { name: _name, ...metadata } = { ...aModule('x').metadata, generateName: 'gen-' };
    const { body } = await api.call('POST', MODULES, { body: { ...aModule('x'), metadata } });
    expect(body.metadata.name).toMatch(/^gen-[a-z0-9]{5}$/);
  });

  it('drops unknown fields with a warning, or as it is told', async () => {
    const api = await openTestApi();
    const body = aModule('typo', { replicaz: 2 });
    const strict = await api.call('POST', `${MODULES}?fieldValidation=Strict`, { body });
    expect(strict).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
    expect(strict.body.message).toContain(
      'Module in version "v1" cannot be handled as a Module: strict decoding error: unknown field "spec.replicaz"',
    );
    const warned = await api.call('POST', MODULES, { body });
    expect(warned.code).toBe(201);
    expect(warned.headers['warning']).toEqual([
      expect.stringContaining('299 - "unknown field \\"spec.replicaz\\"'),
    ]);
    expect(warned.body.spec).not.toHaveProperty('replicaz');
    const ignored = await api.call('POST', `${MODULES}?fieldValidation=Ignore`, {
      body: aModule('typo-two', { replicaz: 2 }),
    });
    expect(ignored.code).toBe(201);
    expect(ignored.headers).not.toHaveProperty('warning');
    const other = await api.call('POST', `${MODULES}?fieldValidation=Loose`, { body });
    expect(other).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
  });

  it('warns of a field with any name', async () => {
    const api = await openTestApi();
    const body = aModule('odd-name', { 'é"\\☃': 1 });
    const { code, headers } = await api.call('POST', `${MODULES}?fieldValidation=Warn`, { body });
    expect(code).toBe(201);
    expect(String(headers['warning'])).toMatch(/^299 - "[\x20-\x7e]+"$/);
  });

  it('names every wrong value with its field', async () => {
    const api = await openTestApi();
    const { code, body } = await create(api, 'Bad_Name', { replicas: -1, type: 'cook' });
    expect(code).toBe(422);
    expect(body.details).toMatchObject({ kind: 'Module', group: 'registrar.synapsis.network' });
    const fields = body.details.causes.map(({ field }: { field: string }) => field);
    expect(fields).toEqual(expect.arrayContaining(['metadata.name', 'spec.replicas', 'spec.type']));
  });

  it.each([
    ['another kind', { kind: 'Pod' }],
    ['another apiVersion', { apiVersion: 'v1' }],
    ['no kind', { kind: undefined }],
    ['a resourceVersion', { metadata: { name: 'demo', resourceVersion: '7' } }],
  ])('refuses %s', async (_what, change) => {
    const api = await openTestApi();
    const { code, body } = await api.call('POST', MODULES, {
      body: { ...aModule('demo'), ...change },
    });
    expect([code, body.reason]).toEqual([400, 'BadRequest']);
    expect(api.registry.list('Module').items).toEqual([]);
  });

  it('ignores a status and server-owned metadata', async () => {
    const api = await openTestApi();
    const module = aModule('demo', {}, { uid: 'mine', generation: 9, namespace: 'default' });
    const { body } = await api.call('POST', MODULES, {
      body: { ...module, status: { phase: 'Running' } },
    });
    expect(body.status.phase).toBe('Pending');
    expect(body.metadata).toMatchObject({ generation: 1 });
    expect(body.metadata).not.toHaveProperty('namespace');
    expect(body.metadata.uid).not.toBe('mine');
  });

  it.each([CONFIG_FILE_ANNOTATION, PRUNE_HELD_ANNOTATION])(
    'does not let a client set %s, which is for the config directory',
    async (key) => {
      const api = await openTestApi();
      const { code, body } = await create(api, 'demo', {}, { annotations: { [key]: 'a.yaml' } });
      expect(code).toBe(422);
      expect(body.details.causes).toEqual([
        expect.objectContaining({
          field: `metadata.annotations["${key}"]`,
          reason: 'FieldValueForbidden',
        }),
      ]);
    },
  );

  it('stores nothing in a dry run, but checks everything', async () => {
    const api = await openTestApi();
    const before = api.registry.resourceVersion;
    const url = `${MODULES}?dryRun=All`;
    const dry = await api.call('POST', url, { body: aModule('demo') });
    expect(dry).toMatchObject({ code: 201, body: { metadata: { name: 'demo' } } });
    expect(api.registry.resourceVersion).toBe(before);
    expect((await api.call('GET', `${MODULES}/demo`)).code).toBe(404);
    await create(api, 'demo');
    expect((await api.call('POST', url, { body: aModule('demo') })).code).toBe(409);
    const other = await api.call('POST', `${MODULES}?dryRun=Some`, { body: aModule('two') });
    expect(other.code).toBe(422);
  });

  it('takes YAML', async () => {
    const api = await openTestApi();
    const yaml = [
      'apiVersion: registrar.synapsis.network/v1',
      'kind: Module',
      'metadata: { name: demo }',
      'spec: { version: 1.0.0, type: miner, license: MIT, image: "sample:1" }',
    ].join('\n');
    const headers = { 'content-type': 'application/yaml' };
    expect((await api.call('POST', MODULES, { body: yaml, headers })).code).toBe(201);
    const twice = await api.call('POST', MODULES, { body: `${yaml}\n---\n${yaml}`, headers });
    expect(twice.code).toBe(400);
  });
});

describe('PUT of a module', () => {
  it('replaces what the client owns and raises the generation with the spec', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo', { replicas: 2 }, { labels: { a: '1' } });
    const { resourceVersion } = created.metadata;
    const labelled = await api.call('PUT', `${MODULES}/demo`, {
      body: aModule('demo', { replicas: 2 }, { resourceVersion, labels: { b: '2' } }),
    });
    expect(labelled.body.metadata).toMatchObject({ generation: 1, labels: { b: '2' } });
    const scaled = await api.call('PUT', `${MODULES}/demo`, {
      body: { ...labelled.body, spec: { ...labelled.body.spec, replicas: 3 } },
    });
    expect(scaled.body).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 } });
  });

  it('wants the resourceVersion it replaces, and the newest', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    const blind = await api.call('PUT', `${MODULES}/demo`, { body: aModule('demo') });
    expect(blind.code).toBe(422);
    expect(blind.body.details.causes[0].field).toBe('metadata.resourceVersion');
    await patch(api, 'demo', { spec: { replicas: 5 } });
    const stale = await api.call('PUT', `${MODULES}/demo`, { body: created });
    expect(stale).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    expect(stale.body.message).toContain('the object has been modified');
  });

  it('changes nothing when nothing differs', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    const { body } = await api.call('PUT', `${MODULES}/demo`, { body: created });
    expect(body).toEqual(created);
  });

  it('refuses the name of another module, and a module that is not there', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    const renamed = { ...created, metadata: { ...created.metadata, name: 'other' } };
    expect((await api.call('PUT', `${MODULES}/demo`, { body: renamed })).code).toBe(400);
    expect((await api.call('PUT', `${MODULES}/other`, { body: renamed })).code).toBe(404);
  });

  it('keeps a restart that was asked for', async () => {
    const api = await openTestApi();
    await create(api, 'demo');
    const annotations = { [RESTARTED_AT_ANNOTATION]: '2026-01-01T00:00:00Z' };
    const { body: restarted } = await patch(api, 'demo', { metadata: { annotations } });
    const { resourceVersion } = restarted.metadata;
    const { body } = await api.call('PUT', `${MODULES}/demo`, {
      body: aModule('demo', {}, { resourceVersion }),
    });
    expect(body.metadata.annotations).toEqual(annotations);
  });
});

describe('PATCH of a module', () => {
  it('merges, and null deletes', async () => {
    const api = await openTestApi();
    await create(api, 'demo', { replicas: 2, args: ['a'] }, { labels: { a: '1', b: '2' } });
    const { code, body } = await patch(api, 'demo', {
      metadata: { labels: { a: null, c: '3' } },
      spec: { replicas: null, args: ['b', 'c'] },
    });
    expect(code).toBe(200);
    expect(body.metadata.labels).toEqual({ b: '2', c: '3' });
    expect(body.spec).toMatchObject({ replicas: 1, args: ['b', 'c'] });
  });

  it('says what it takes when another kind of patch comes', async () => {
    const api = await openTestApi();
    await create(api, 'demo');
    for (const type of ['application/strategic-merge-patch+json', 'application/json']) {
      const headers = { 'content-type': type };
      const { code, body } = await api.call('PATCH', `${MODULES}/demo`, { body: {}, headers });
      expect([code, body.reason]).toEqual([415, 'UnsupportedMediaType']);
      expect(body.message).toBe(
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      );
    }
  });

  it('takes resourceVersion and uid as preconditions', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    const stale = await patch(api, 'demo', { metadata: { resourceVersion: '1234' } });
    expect(stale).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    expect((await patch(api, 'demo', { metadata: { uid: 'other' } })).code).toBe(409);
    const { resourceVersion, uid } = created.metadata;
    const good = { metadata: { resourceVersion, uid }, spec: { replicas: 3 } };
    expect((await patch(api, 'demo', good)).code).toBe(200);
  });

  it('refuses a new name, another kind and a result that is not valid', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    expect((await patch(api, 'demo', { metadata: { name: 'other' } })).code).toBe(400);
    expect((await patch(api, 'demo', { kind: 'Pod' })).code).toBe(400);
    expect((await patch(api, 'demo', { spec: { replicas: -8 } })).code).toBe(422);
    expect((await patch(api, 'demo', { spec: null })).code).toBe(422);
    expect((await patch(api, 'demo', [1])).code).toBe(400);
    expect((await patch(api, 'gone', { spec: { replicas: 2 } })).code).toBe(404);
    expect((await api.call('GET', `${MODULES}/demo`)).body).toEqual(created);
  });

  it('stores nothing when nothing changes, nor in a dry run', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    expect((await patch(api, 'demo', { status: { phase: 'Running' } })).body).toEqual(created);
    const dry = await patch(api, 'demo?dryRun=All', { spec: { replicas: 7 } });
    expect(dry.body.spec.replicas).toBe(7);
    expect((await api.call('GET', `${MODULES}/demo`)).body).toEqual(created);
  });

  it('loses none of the patches that arrive together', async () => {
    const api = await openTestApi();
    await create(api, 'demo');
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    await Promise.all(
      keys.map((key) => patch(api, 'demo', { metadata: { labels: { [key]: 'x' } } })),
    );
    const { body } = await api.call('GET', `${MODULES}/demo`);
    expect(Object.keys(body.metadata.labels)).toEqual(expect.arrayContaining(keys));
  });

  it('lets one of two writers win that read the same version', async () => {
    const api = await openTestApi();
    const { body: created } = await create(api, 'demo');
    const { resourceVersion } = created.metadata;
    const answers = await Promise.all(
      [2, 3].map((replicas) =>
        patch(api, 'demo', { metadata: { resourceVersion }, spec: { replicas } }),
      ),
    );
    expect(answers.map(({ code }) => String(code)).toSorted()).toEqual(['200', '409']);
  });
});

describe('a module that is held because its file vanished', () => {
  async function openWithHeld(): Promise<TestApi> {
    const api = await openTestApi();
    const { metadata, ...draft } = draftOf(aManifest('held'), { configFile: 'a.yaml' });
    const annotations = { ...metadata.annotations, [PRUNE_HELD_ANNOTATION]: 'TooManyVanished' };
    await api.registry.create('Module', { ...draft, metadata: { ...metadata, annotations } });
    return api;
  }

  it('can be restarted and have its status written, and stays held', async () => {
    const api = await openWithHeld();
    const annotations = { [RESTARTED_AT_ANNOTATION]: '2026-01-01T00:00:00Z' };
    const { code, body } = await patch(api, 'held', { metadata: { annotations } });
    expect(code).toBe(200);
    const held = { [PRUNE_HELD_ANNOTATION]: 'TooManyVanished' };
    expect(body.metadata.annotations).toMatchObject({ ...annotations, ...held });
    expect((await patch(api, 'held/status', { status: { restarts: 3 } })).code).toBe(200);
  });

  it('still belongs to its file', async () => {
    const api = await openWithHeld();
    for (const change of [{ spec: { replicas: 4 } }, { metadata: { labels: { a: 'b' } } }]) {
      expect((await patch(api, 'held', change)).code).toBe(409);
    }
    expect((await patch(api, 'held/scale', { spec: { replicas: 4 } })).code).toBe(409);
  });

  it('cannot be freed or held by a client', async () => {
    const api = await openWithHeld();
    const claim = (held: string | null) => ({
      metadata: { annotations: { [PRUNE_HELD_ANNOTATION]: held } },
    });
    for (const value of ['Mine', null]) {
      const { body } = await patch(api, 'held', claim(value));
      expect(body.metadata.annotations[PRUNE_HELD_ANNOTATION]).toBe('TooManyVanished');
    }
    await create(api, 'free');
    const { code, body } = await patch(api, 'free', claim('Mine'));
    expect(code).toBe(200);
    expect(body.metadata).not.toHaveProperty('annotations');
  });
});

describe('a module that a file declares', () => {
  async function openWithOwned(): Promise<TestApi> {
    const api = await openTestApi();
    const draft = draftOf(aManifest('owned'), { configFile: 'miners/a.yaml' });
    await api.registry.create('Module', draft);
    return api;
  }

  it.each([
    ['spec', { spec: { replicas: 4 } }],
    ['labels', { metadata: { labels: { a: 'b' } } }],
    ['annotations', { metadata: { annotations: { note: 'hi' } } }],
  ])('cannot have its %s changed', async (_part, change) => {
    const api = await openWithOwned();
    const { code, body } = await patch(api, 'owned', change);
    expect([code, body.reason]).toEqual([409, 'Conflict']);
    expect(body.message).toBe(
      'Module "owned" is declared in file "miners/a.yaml" of the config directory: change it there',
    );
    expect((await patch(api, 'owned?dryRun=All', change)).code).toBe(409);
  });

  it('cannot be scaled or deleted', async () => {
    const api = await openWithOwned();
    expect((await patch(api, 'owned/scale', { spec: { replicas: 4 } })).code).toBe(409);
    const { code, body } = await api.call('DELETE', `${MODULES}/owned`);
    expect(code).toBe(409);
    expect(body.message).toContain('remove it there');
  });

  it('can be restarted and have its status written', async () => {
    const api = await openWithOwned();
    const annotations = { [RESTARTED_AT_ANNOTATION]: '2026-01-01T00:00:00Z' };
    const restarted = await patch(api, 'owned', { metadata: { annotations } });
    expect(restarted.body.metadata.annotations).toMatchObject(annotations);
    expect((await patch(api, 'owned/status', { status: { restarts: 3 } })).code).toBe(200);
  });

  it('stays with its file, whatever a client says about it', async () => {
    const api = await openWithOwned();
    const claim = (file: string | null) => ({
      metadata: { annotations: { [CONFIG_FILE_ANNOTATION]: file } },
    });
    for (const file of ['mine.yaml', null]) {
      const { code, body } = await patch(api, 'owned', claim(file));
      expect(code).toBe(200);
      expect(body.metadata.annotations[CONFIG_FILE_ANNOTATION]).toBe('miners/a.yaml');
    }
    await create(api, 'free');
    const { body } = await patch(api, 'free', claim('mine.yaml'));
    expect(body.metadata).not.toHaveProperty('annotations');
  });
});

describe('what is asked of rollouts by an annotation', () => {
  it('stays through changes of other things, and is taken back by a patch', async () => {
    const api = await openTestApi();
    await create(api, 'demo');
    const annotations = { [ROLLOUT_PAUSED_ANNOTATION]: 'true' };
    await patch(api, 'demo', { metadata: { annotations } });
    await patch(api, 'demo', { spec: { replicas: 2 } });
    const stored = () => api.registry.get('Module', 'demo')?.object.metadata.annotations;
    expect(stored()).toEqual(annotations);
    const without = { metadata: { annotations: { [ROLLOUT_PAUSED_ANNOTATION]: null } } };
    expect((await patch(api, 'demo', without)).code).toBe(200);
    expect(stored()).toBeUndefined();
  });
});
