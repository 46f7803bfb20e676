import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../helpers/fake-clock.js';
import { aModule, EVENTS, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { TestApi } from '../test-api.js';
import { openWatch, startTestServer } from '../test-server.js';

const accepting = (as: string, version = 'v1') => ({
  accept: `application/json;as=${as};v=${version};g=meta.k8s.io,application/json`,
});
const TABLE = accepting('Table');

async function openWithModules(): Promise<TestApi> {
  const api = await openTestApi();
  for (const name of ['web', 'job']) {
    await api.call('POST', MODULES, { body: aModule(name, {}, { labels: { app: name } }) });
  }
  return api;
}

describe('a table', () => {
  it('shows modules as operators want to see them', async () => {
    const api = await openWithModules();
    const { body, headers } = await api.call('GET', MODULES, { headers: TABLE });
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: api.registry.resourceVersion },
    });
    const titles = (priority: number): string[] =>
      body.columnDefinitions
        .filter((column: { priority: number }) => column.priority === priority)
        .map(({ name }: { name: string }) => name);
    expect(titles(0)).toEqual([
      'Name',
      'Version',
      'Type',
      'Phase',
      'Ready',
      'Restarts',
      'Commit',
      'Age',
    ]);
    expect(titles(1)).toEqual(['Image', 'Revision', 'Message']);
    expect(body.columnDefinitions[0]).toEqual({
      ...{ name: 'Name', type: 'string', format: 'name', priority: 0 },
      description: expect.any(String),
    });
    expect(body.rows[0].cells.slice(0, 6)).toEqual(['job', '1.0.0', 'miner', 'Pending', '0/1', 0]);
  });

  it('comes with the metadata of each object, for labels as columns', async () => {
    const api = await openWithModules();
    const { body } = await api.call('GET', MODULES, { headers: TABLE });
    const { metadata } = (await api.call('GET', `${MODULES}/job`)).body;
    const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    expect(body.rows[0].object).toEqual(partial);
  });

  it('comes with as much of each object as is asked for', async () => {
    const api = await openWithModules();
    const rowOf = async (included: string) => {
      const url = `${MODULES}?includeObject=${included}&limit=1`;
      return (await api.call('GET', url, { headers: TABLE })).body.rows[0];
    };
    expect((await rowOf('Object')).object).toEqual((await api.call('GET', `${MODULES}/job`)).body);
    expect(await rowOf('None')).not.toHaveProperty('object');
    const refused = await api.call('GET', `${MODULES}?includeObject=All`, { headers: TABLE });
    expect([refused.code, refused.body.kind]).toEqual([400, 'Status']);
  });

  it('has pages', async () => {
    const api = await openWithModules();
    const { body } = await api.call('GET', `${MODULES}?limit=1`, { headers: TABLE });
    expect(body.rows).toHaveLength(1);
    expect(body.metadata).toMatchObject({ remainingItemCount: 1 });
    const rest = `${MODULES}?limit=1&continue=${body.metadata.continue}`;
    expect((await api.call('GET', rest, { headers: TABLE })).body.rows[0].cells[0]).toBe('web');
  });

  it('shows one object, in the version that is asked for', async () => {
    const api = await openWithModules();
    const headers = accepting('Table', 'v1beta1');
    const { body } = await api.call('GET', `${MODULES}/web`, { headers });
    expect([body.apiVersion, body.rows.length]).toEqual(['meta.k8s.io/v1beta1', 1]);
    expect(body.rows[0].object.apiVersion).toBe('meta.k8s.io/v1beta1');
  });

  it('tells ages as text, of the time of the answer', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    await api.call('POST', MODULES, { body: aModule('web') });
    const [{ metadata }] = (await api.call('GET', MODULES)).body.items;
    await clock.advance(Date.parse(metadata.creationTimestamp) - clock.now() + 90_000);
    const { body } = await api.call('GET', MODULES, { headers: TABLE });
    expect(body.rows[0].cells[7]).toBe('90s');
  });

  it('shows events as Kubernetes does', async () => {
    const api = await openTestApi();
    const about = { apiVersion: 'v1', kind: 'Module', name: 'web', uid: 'u' };
    const message = 'It happened';
    await api.registry.recordEvent({ about, type: 'Normal', reason: 'Started', message });
    const { body } = await api.call('GET', EVENTS, { headers: TABLE });
    const titles = body.columnDefinitions.map(({ name }: { name: string }) => name);
    expect(titles.slice(0, 5)).toEqual(['Last Seen', 'Type', 'Reason', 'Object', 'Message']);
    expect(body.rows[0].cells.slice(1, 5)).toEqual(['Normal', 'Started', 'module/web', message]);
  });

  it('is not for errors, nor for the scale', async () => {
    const api = await openWithModules();
    const missing = await api.call('GET', `${MODULES}/nope`, { headers: TABLE });
    expect([missing.code, missing.body.kind]).toEqual([404, 'Status']);
    const scale = await api.call('GET', `${MODULES}/web/scale`, { headers: TABLE });
    expect(scale.body.kind).toBe('Scale');
  });
});

describe('metadata alone', () => {
  it('is what a list and an object can be reduced to', async () => {
    const api = await openWithModules();
    const headers = accepting('PartialObjectMetadataList');
    const { body } = await api.call('GET', MODULES, { headers });
    const { metadata } = (await api.call('GET', `${MODULES}/job`)).body;
    expect(body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: api.registry.resourceVersion },
    });
    const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    expect(body.items[0]).toEqual(partial);
    const one = { headers: accepting('PartialObjectMetadata') };
    expect((await api.call('GET', `${MODULES}/job`, one)).body).toEqual(partial);
  });
});

describe('what cannot be answered with', () => {
  it.each(['text/html', 'application/vnd.kubernetes.protobuf', 'application/yaml'])(
    '%s is refused with a Status in JSON',
    async (accept) => {
      const api = await openWithModules();
      for (const path of [MODULES, `${MODULES}/web`, `${MODULES}?watch=true`]) {
        const { code, body } = await api.call('GET', path, { headers: { accept } });
        expect([code, body.reason, body.message]).toEqual([
          406,
          'NotAcceptable',
          'only the following media types are accepted: application/json',
        ]);
      }
    },
  );
});

describe('a watch', () => {
  const patch = (api: TestApi, name: string) =>
    api.call('PATCH', `${MODULES}/${name}`, {
      body: { metadata: { labels: { tier: 'x' } } },
      headers: { 'content-type': MERGE_PATCH },
    });

  it('of tables has a row in each, and the columns in the first', async () => {
    const api = await openWithModules();
    const listening = await startTestServer(api);
    const watch = await openWatch(listening, `${MODULES}?watch=true`, TABLE);
    const first = await watch.next();
    expect(first?.object).toMatchObject({ kind: 'Table', rows: [{ cells: expect.any(Array) }] });
    expect(first?.object.columnDefinitions).toHaveLength(11);
    const second = await watch.next();
    expect(second?.object.columnDefinitions).toBeNull();
    await patch(api, 'web');
    const third = await watch.next();
    expect([third?.type, third?.object.rows[0].cells[0]]).toEqual(['MODIFIED', 'web']);
    expect(third?.object.columnDefinitions).toBeNull();
  });

  it('gives each watcher its own first table', async () => {
    const api = await openWithModules();
    const listening = await startTestServer(api);
    const since = `resourceVersion=${api.registry.resourceVersion}`;
    const url = `${MODULES}?watch=true&${since}&fieldSelector=metadata.name%3Dweb`;
    const early = await openWatch(listening, url, TABLE);
    await patch(api, 'web');
    expect((await early.next())?.object.columnDefinitions).toHaveLength(11);
    const late = await openWatch(listening, url.replace(since, ''), TABLE);
    expect((await late.next())?.object.columnDefinitions).toHaveLength(11);
    await api.call('DELETE', `${MODULES}/web`);
    expect((await early.next())?.object.columnDefinitions).toBeNull();
    expect((await late.next())?.object.columnDefinitions).toBeNull();
  });

  it.each([
    ['Table', (object: { rows: [{ object: object }] }) => object.rows[0].object],
    ['PartialObjectMetadata', (object: object) => object],
  ] as const)('of %s has bookmarks in that form', async (as, metadataOf) => {
    const api = await openWithModules();
    const listening = await startTestServer(api);
    const query =
      'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await openWatch(listening, `${MODULES}?${query}`, accepting(as));
    await watch.next();
    await watch.next();
    const mark = await watch.next();
    expect([mark?.type, mark?.object.kind]).toEqual(['BOOKMARK', as]);
    expect(metadataOf(mark?.object)).toMatchObject({
      metadata: {
        resourceVersion: api.registry.resourceVersion,
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    });
  });
});
