import { describe, expect, it } from 'vitest';
import { draftOf } from '../../../src/model/draft.js';
import { aManifest } from '../../helpers/builders.js';
import { FakeClock } from '../../helpers/fake-clock.js';
import { aModule, MERGE_PATCH, MODULES, openTestApi } from '../test-api.js';
import type { Answer, TestApi } from '../test-api.js';
import { get, openWatch, startTestServer } from '../test-server.js';
import type { Listening } from '../../../src/api/serving/listen.js';

const create = (api: TestApi, ...args: Parameters<typeof aModule>): Promise<Answer> =>
  api.call('POST', MODULES, { body: aModule(...args) });

const patch = (api: TestApi, path: string, body: unknown): Promise<Answer> =>
  api.call('PATCH', `${MODULES}/${path}`, { body, headers: { 'content-type': MERGE_PATCH } });

/** Deletes a module at once, as when its containers are gone. */
async function remove(api: TestApi, name: string): Promise<void> {
  await api.call('DELETE', `${MODULES}/${name}`);
  await patch(api, name, { metadata: { finalizers: [] } });
}

async function openServer(
  overrides: Parameters<typeof openTestApi>[0] = {},
): Promise<{ api: TestApi; listening: Listening }> {
  const api = await openTestApi(overrides);
  return { api, listening: await startTestServer(api) };
}

describe('watch of modules', () => {
  it('answers before there is anything to tell', async () => {
    const { listening } = await openServer();
    const response = await get(listening, `${MODULES}?watch=true`);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      'transfer-encoding': 'chunked',
    });
  });

  it('tells what there is, then what changes', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    await create(api, 'two');
    const watch = await openWatch(listening, `${MODULES}?watch=True`);
    expect(await watch.take(2)).toEqual(['ADDED one', 'ADDED two']);
    await create(api, 'three');
    await patch(api, 'one', { spec: { replicas: 3 } });
    expect(await watch.take(1)).toEqual(['ADDED three']);
    const modified = await watch.next();
    expect(modified).toEqual({
      type: 'MODIFIED',
      object: (await api.call('GET', `${MODULES}/one`)).body,
    });
    await remove(api, 'two');
    expect(await watch.take(2)).toEqual(['MODIFIED two', 'DELETED two']);
  });

  it('tells every change after a version, and none before', async () => {
    const { api, listening } = await openServer();
    const { body } = await create(api, 'one');
    await create(api, 'two');
    await remove(api, 'one');
    const since = body.metadata.resourceVersion as string;
    const watch = await openWatch(listening, `${MODULES}?watch=true&resourceVersion=${since}`);
    expect(await watch.take(3)).toEqual(['ADDED two', 'MODIFIED one', 'DELETED one']);
    await create(api, 'three');
    expect(await watch.take(1)).toEqual(['ADDED three']);
  });

  it('gives the deleted state the version of its deletion', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    const watch = await openWatch(listening, `${MODULES}?watch=true`);
    await watch.take(1);
    await remove(api, 'one');
    await watch.take(1);
    const deleted = await watch.next();
    expect(deleted?.object.metadata.resourceVersion).toBe(api.registry.resourceVersion);
  });

  it('shows objects that begin or cease to match a selector as added and deleted', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one', {}, { labels: { app: 'demo' } });
    await create(api, 'two');
    const watch = await openWatch(listening, `${MODULES}?watch=1&labelSelector=app%3Ddemo`);
    expect(await watch.take(1)).toEqual(['ADDED one']);
    await patch(api, 'two', { metadata: { labels: { app: 'demo' } } });
    await patch(api, 'two', { spec: { replicas: 2 } });
    expect(await watch.take(2)).toEqual(['ADDED two', 'MODIFIED two']);
    const relabelled = await patch(api, 'one', { metadata: { labels: { app: 'other' } } });
    const left = await watch.next();
    expect(left).toMatchObject({
      type: 'DELETED',
      object: {
        metadata: {
          labels: { app: 'demo' },
          resourceVersion: relabelled.body.metadata.resourceVersion,
        },
      },
    });
    await remove(api, 'one');
    await remove(api, 'two');
    expect(await watch.take(2)).toEqual(['MODIFIED two', 'DELETED two']);
  });

  it('follows one object by its name', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    const url = `${MODULES}?watch=true&resourceVersion=0&fieldSelector=metadata.name%3Dtwo`;
    const watch = await openWatch(listening, url);
    await create(api, 'two');
    expect(await watch.take(1)).toEqual(['ADDED two']);
  });

  it('follows a phase', async () => {
    const { api, listening } = await openServer();
    const url = `${MODULES}?watch=true&fieldSelector=status.phase%3DRunning`;
    const watch = await openWatch(listening, url);
    await create(api, 'one');
    await patch(api, 'one/status', { status: { phase: 'Running' } });
    await patch(api, 'one/status', { status: { phase: 'Failed' } });
    expect(await watch.take(2)).toEqual(['ADDED one', 'DELETED one']);
  });

  it('marks the end of what there was for those who ask', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    const url = `${MODULES}?${query}&allowWatchBookmarks=true&resourceVersion=999999`;
    const watch = await openWatch(listening, url);
    expect(await watch.take(1)).toEqual(['ADDED one']);
    expect(await watch.next()).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'Module',
        apiVersion: 'registrar.synapsis.network/v1',
        metadata: {
          resourceVersion: api.registry.resourceVersion,
          creationTimestamp: null,
          annotations: { 'k8s.io/initial-events-end': 'true' },
        },
      },
    });
    await create(api, 'two');
    expect(await watch.take(1)).toEqual(['ADDED two']);
  });

  it('leaves out what there was for those who do not want it', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    const watch = await openWatch(listening, `${MODULES}?watch=true&sendInitialEvents=false`);
    await create(api, 'two');
    expect(await watch.take(1)).toEqual(['ADDED two']);
  });

  it.each([
    ['sendInitialEvents=true', 422],
    ['sendInitialEvents=true&resourceVersionMatch=Exact', 422],
    ['resourceVersionMatch=NotOlderThan', 422],
    ['timeoutSeconds=soon', 400],
    ['timeoutSeconds=-1', 400],
    ['resourceVersion=abc', 400],
    ['labelSelector=a%20b', 400],
    ['fieldSelector=spec.image%3Dx', 400],
  ])('with %s is refused with %i', async (query, code) => {
    const api = await openTestApi();
    const answer = await api.call('GET', `${MODULES}?watch=true&${query}`);
    expect([answer.code, answer.body.kind]).toEqual([code, 'Status']);
  });

  it('sends those away whose version is forgotten, or from the future', async () => {
    const api = await openTestApi();
    const registry = await api.store.reopen({ changeLogLimit: 10 });
    await registry.create('Module', draftOf(aManifest('one')));
    for (let count = 0; count < 30; count += 1) {
      await registry.update('Module', 'one', (current) => ({
        ...current,
        metadata: { ...current.metadata, labels: { count: String(count) } },
      }));
    }
    const again = await openTestApi({ registry });
    for (const since of ['1', '99999999']) {
      const url = `${MODULES}?watch=true&resourceVersion=${since}`;
      const { code, body } = await again.call('GET', url);
      expect([code, body.reason]).toEqual([410, 'Expired']);
    }
  });

  it('resumes after a restart where it was', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    const watch = await openWatch(listening, `${MODULES}?watch=true`);
    const seen = await watch.next();
    const since = seen?.object.metadata.resourceVersion as string;
    await create(api, 'two');
    await listening.close();
    const registry = await api.store.reopen();
    const again = await openTestApi({ registry });
    const url = `${MODULES}?watch=true&resourceVersion=${since}`;
    const resumed = await openWatch(await startTestServer(again), url);
    expect(await resumed.take(1)).toEqual(['ADDED two']);
    await create(again, 'three');
    expect(await resumed.take(1)).toEqual(['ADDED three']);
  });

  it('ends when its time is over, with a bookmark for those who want it', async () => {
    const { api, listening } = await openServer();
    await create(api, 'one');
    const url = `${MODULES}?watch=true&timeoutSeconds=1`;
    expect(await (await openWatch(listening, url)).rest()).toEqual(['ADDED one']);
    const marked = await openWatch(listening, `${url}&allowWatchBookmarks=true`);
    expect(await marked.rest()).toEqual(['ADDED one', 'BOOKMARK']);
  });

  it('sends a bookmark every minute, and ends within the hour', async () => {
    const clock = new FakeClock();
    const { listening } = await openServer({ clock });
    const url = `${MODULES}?watch=true&allowWatchBookmarks=true&timeoutSeconds=999999`;
    const watch = await openWatch(listening, url);
    await clock.advance(61_000);
    expect(await watch.take(1)).toEqual(['BOOKMARK']);
    await clock.advance(60 * 60_000);
    const rest = await watch.rest();
    expect(rest.length).toBeGreaterThan(28);
    expect(clock.waiting).toEqual([]);
  });

  it('ends cleanly when the daemon stops', async () => {
    const { api, listening } = await openServer();
    const plain = await openWatch(listening, `${MODULES}?watch=true`);
    const marked = await openWatch(listening, `${MODULES}?watch=true&allowWatchBookmarks=true`);
    api.shutdown.abort();
    expect(await plain.rest()).toEqual([]);
    expect(await marked.rest()).toEqual(['BOOKMARK']);
    expect(plain.response.complete).toBe(true);
    const { code, body, headers } = await api.call('GET', MODULES);
    expect([code, body.reason, headers['retry-after']]).toEqual([503, 'ServiceUnavailable', '1']);
  });

  it('ends when the server is closed', async () => {
    const { listening } = await openServer();
    const watch = await openWatch(listening, `${MODULES}?watch=true`);
    await listening.close();
    expect(await watch.rest()).toEqual([]);
  });

  it('cuts off a client that does not read, and leaves the others alone', async () => {
    const { api, listening } = await openServer();
    await create(api, 'big', { description: 'x'.repeat(4000) });
    const stuck = await get(listening, `${MODULES}?watch=true`);
    const cut = new Promise((resolve) => stuck.on('error', resolve));
    stuck.pause();
    const watch = await openWatch(listening, `${MODULES}?watch=true`);
    await watch.take(1);
    const env = [{ name: 'TEXT', value: 'y'.repeat(32_000) }];
    let isCut = false;
    stuck.socket.on('close', () => (isCut = true));
    for (let count = 0; count < 2000 && !isCut; count += 1) {
      const labels = { count: String(count) };
      await patch(api, 'big', { metadata: { labels }, spec: { env } });
      const event = await watch.next();
      expect(event?.object.metadata.labels).toEqual(labels);
      // The close of a socket that nobody reads shows only when it is read.
      if (count > 400) stuck.resume();
    }
    expect(String(await cut)).toContain('aborted');
  });

  it('sends a list larger than its buffer to a client that does read', async () => {
    const { api, listening } = await openServer();
    const env = Array.from({ length: 16 }, (_, index) => ({
      name: `TEXT_${index}`,
      value: 'y'.repeat(20_000),
    }));
    for (let count = 0; count < 8; count += 1) await create(api, `big-${count}`, { env });
    const watch = await openWatch(listening, `${MODULES}?watch=true`);
    expect(await watch.take(8)).toHaveLength(8);
    const { resourceVersion } = (await api.call('GET', `${MODULES}/big-0`)).body.metadata;
    const url = `${MODULES}?watch=true&resourceVersion=${resourceVersion}`;
    expect(await (await openWatch(listening, url)).take(7)).toHaveLength(7);
  });

  it('works through an injected request, too', async () => {
    const api = await openTestApi();
    await create(api, 'one');
    const { text } = await api.call('GET', `${MODULES}?watch=true&timeoutSeconds=1`);
    expect(JSON.parse(text)).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'one' } },
    });
  });
});

describe('watch of events', () => {
  it('tells those about one object', async () => {
    const { api, listening } = await openServer();
    const about = { apiVersion: 'registrar.synapsis.network/v1', kind: 'Module', uid: 'u' };
    const record = (name: string, reason: string): Promise<void> =>
      api.registry.recordEvent({
        ...{ about: { ...about, name }, type: 'Normal', reason, message: 'It happened' },
      });
    await record('web', 'Created');
    const selector = encodeURIComponent('involvedObject.kind=Module,involvedObject.name=web');
    const url = `/api/v1/namespaces/default/events?watch=true&fieldSelector=${selector}`;
    const watch = await openWatch(listening, url);
    await watch.take(1);
    await record('job', 'Created');
    await record('web', 'Started');
    expect((await watch.next())?.object).toMatchObject({ kind: 'Event', reason: 'Started' });
  });
});
