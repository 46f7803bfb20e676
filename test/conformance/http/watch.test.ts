import { describe, expect, it } from 'vitest';
import { ask, open, watch, watched } from '../wire.js';
import type { WireEvent } from '../wire.js';
import { ACCEPT, JSON_BODY, MERGE_PATCH, MODULES, wireApi } from './wire-api.js';
import type { WireApi } from './wire-api.js';

const INITIAL = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

const typesOf = (events: readonly WireEvent[]): string[] => events.map(({ type }) => type);

const versionOf = async ({ send }: WireApi): Promise<string> =>
  (await send('GET', MODULES)).json.metadata.resourceVersion;

const label = ({ send }: WireApi, name: string, labels: object) =>
  send('PATCH', `${MODULES}/${name}?fieldManager=kubectl-label`, {
    headers: MERGE_PATCH,
    body: { metadata: { labels } },
  });

/** Reads events until one is of the type. */
async function until(events: AsyncIterable<WireEvent>, type: string): Promise<WireEvent> {
  for await (const event of events) if (event.type === type) return event;
  throw new Error(`The watch ended without ${type}`);
}

describe('a watch', () => {
  it('sends its head before anything happens', async () => {
    const wire = await wireApi();
    const since = await versionOf(wire);
    const path = `${MODULES}?watch=true&resourceVersion=${since}`;
    const response = await open(wire.connection, 'GET', path);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.headers).not.toHaveProperty('content-length');
    response.destroy();
  });

  it('of one object, as kubectl get NAME -w asks for it, begins with the object', async () => {
    const wire = await wireApi();
    await wire.create('demo');
    await wire.create('other');
    const query = 'fieldSelector=metadata.name%3Ddemo&resourceVersion=0&watch=true';
    const events = await watched(wire.connection, `${MODULES}?${query}&timeoutSeconds=1`);
    expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
      'ADDED demo',
    ]);
  });

  it('since a version sends what came after it, and deletions with a new version', async () => {
    const wire = await wireApi();
    await wire.create('demo', {}, { finalizers: [] });
    const since = await versionOf(wire);
    await label(wire, 'demo', { app: 'x' });
    await wire.send('DELETE', `${MODULES}/demo`, { headers: JSON_BODY });
    await wire.create('later');
    const path = `${MODULES}?watch=true&resourceVersion=${since}&timeoutSeconds=1`;
    const events = await watched(wire.connection, path);
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(typesOf(events)[0]).toBe('MODIFIED');
    expect(versions[0]).toBeGreaterThan(Number(since));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  });

  it('with initial events marks where they end', async () => {
    const wire = await wireApi();
    await wire.create('demo');
    const path = `${MODULES}?watch=true&${INITIAL}&timeoutSeconds=1`;
    const [added, mark, ...rest] = await watched(wire.connection, path);
    expect(typesOf([added, mark, ...rest].flatMap((event) => event ?? []))).toEqual([
      ...['ADDED', 'BOOKMARK', 'BOOKMARK'],
    ]);
    expect(mark?.object).toMatchObject({
      ...{ kind: 'Module', apiVersion: 'registrar.synapsis.network/v1' },
      metadata: {
        annotations: { 'k8s.io/initial-events-end': 'true' },
        resourceVersion: added?.object.metadata.resourceVersion,
      },
    });
  });

  it('never sends a bookmark that was not asked for', async () => {
    const wire = await wireApi();
    await wire.create('demo');
    const path = `${MODULES}?watch=true&timeoutSeconds=1`;
    expect(typesOf(await watched(wire.connection, path))).toEqual(['ADDED']);
  });

  it.each(['sendInitialEvents=true', 'resourceVersionMatch=NotOlderThan'])(
    'with %s alone is refused, so that clients fall back',
    async (query) => {
      const { send } = await wireApi();
      const { code } = await send('GET', `${MODULES}?watch=true&${query}`);
      expect([400, 422]).toContain(code);
    },
  );

  it('applies its selector to changes', async () => {
    const wire = await wireApi();
    await wire.create('demo', {}, { labels: { app: 'demo' } });
    const since = await versionOf(wire);
    const query = `watch=true&labelSelector=app%3Ddemo&resourceVersion=${since}`;
    const leaving = until(watch(wire.connection, `${MODULES}?${query}`), 'DELETED');
    const left = await label(wire, 'demo', { app: 'other' });
    const { object } = await leaving;
    expect(object.metadata).toMatchObject({
      ...{ labels: { app: 'demo' }, resourceVersion: left.json.metadata.resourceVersion },
    });
    const again = await versionOf(wire);
    const coming = until(
      watch(wire.connection, `${MODULES}?${query.replace(since, again)}`),
      'ADDED',
    );
    await label(wire, 'demo', { app: 'demo' });
    expect((await coming).object.metadata.labels).toEqual({ app: 'demo' });
  });

  it('shows tables whose first event names the columns', async () => {
    const wire = await wireApi();
    await wire.create('one');
    await wire.create('two');
    const headers = { accept: ACCEPT.table };
    const path = `${MODULES}?watch=true&includeObject=Metadata&timeoutSeconds=1`;
    const [first, second] = await watched(wire.connection, path, { headers });
    expect(first?.object).toMatchObject({ kind: 'Table', rows: [{ cells: expect.any(Array) }] });
    expect(first?.object.columnDefinitions[0].name).toBe('Name');
    expect(second?.object).toMatchObject({ kind: 'Table', columnDefinitions: null });
  });
});

describe('a watch from a version that is not known', () => {
  it('is 410 when it is above the counter', async () => {
    const { send } = await wireApi();
    const { json } = await send('GET', `${MODULES}?watch=true&resourceVersion=99`);
    expect(statusIn(json)).toMatchObject({ code: 410, reason: 'Expired' });
  });

  it('serves the newest state when initial events are asked for', async () => {
    const wire = await wireApi();
    await wire.create('demo');
    const path = `${MODULES}?watch=true&${INITIAL}&resourceVersion=99&timeoutSeconds=1`;
    expect(typesOf(await watched(wire.connection, path))).toContain('ADDED');
  });

  it('reads the list that informers ask for after a 410', async () => {
    const wire = await wireApi();
    await wire.create('demo');
    const { code } = await ask(wire.connection, 'GET', `${MODULES}?limit=500&resourceVersion=0`);
    expect(code).toBe(200);
  });
});

/** A 410 comes as the answer or as the only event of a stream: clients take both. */
const statusIn = (json: { type?: string; object?: object }): object | undefined =>
  json.type === 'ERROR' ? json.object : json;
