import { describe, expect, it } from 'vitest';
import { PODS, podWorld } from './pod-world.js';

const LOG = `${PODS}/web-0/log`;

/** Message of the Status in an answer. */
const messageOf = (text: string): string => (JSON.parse(text) as { message: string }).message;

describe('GET of the log of a pod', () => {
  it('answers with the output of its container as text', async () => {
    const { runtime, ids, get } = await podWorld(2);
    runtime.engine.say(ids[0] ?? '', 'one', 'two');
    runtime.engine.say(ids[1] ?? '', 'other');
    const first = await get(`${LOG}?container=module`);
    expect(first.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await first.text()).toBe('one\ntwo\n');
    expect(await (await get(`${PODS}/web-1/log`)).text()).toBe('other\n');
  });

  it('takes the parameters of Kubernetes', async () => {
    const { runtime, ids, read } = await podWorld();
    runtime.engine.say(ids[0] ?? '', 'one', 'two', 'three');
    expect(await read(`${LOG}?tailLines=2`)).toEqual([200, 'two\nthree\n']);
    expect(await read(`${LOG}?tailLines=0`)).toEqual([200, '']);
    expect(await read(`${LOG}?limitBytes=6`)).toEqual([200, 'one\ntw']);
    expect(await read(`${LOG}?limitBytes=1000`)).toEqual([200, 'one\ntwo\nthree\n']);
    expect(await read(`${LOG}?sinceSeconds=3600`)).toEqual([200, 'one\ntwo\nthree\n']);
    expect(await read(`${LOG}?sinceTime=2999-01-01T00:00:00Z`)).toEqual([200, '']);
    const [, stamped] = await read(`${LOG}?timestamps=true&tailLines=1`);
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$/);
  });

  it('has the run before with previous, and says so when there is none', async () => {
    const { runtime, ids, read } = await podWorld();
    const [code, text] = await read(`${LOG}?previous=true`);
    expect([code, messageOf(text)]).toEqual([
      400,
      'previous terminated container "module" in pod "web-0" not found',
    ]);
    runtime.engine.say(ids[0] ?? '', 'before');
    runtime.engine.restart(ids[0] ?? '');
    const { startedAt = '', finishedAt } = runtime.engine.get(ids[0] ?? '');
    runtime.engine.get(ids[0] ?? '').startedAt = new Date(
      Date.parse(startedAt) + 100,
    ).toISOString();
    expect(finishedAt).toBeDefined();
    expect(await read(`${LOG}?previous=true`)).toEqual([200, 'before\n']);
  });

  it('is 404 for a pod that is not there, 400 for a container that it does not have', async () => {
    const { read } = await podWorld();
    expect((await read(`${PODS}/web-9/log`))[0]).toBe(404);
    expect((await read('/api/v1/namespaces/other/pods/web-0/log'))[0]).toBe(404);
    const [code, text] = await read(`${LOG}?container=sidecar%0a`);
    expect([code, messageOf(text)]).toEqual([400, 'container sidecar? is not valid for pod web-0']);
  });

  it.each([
    'tailLines=-1',
    'tailLines=all',
    'limitBytes=0',
    'sinceSeconds=1h',
    'sinceTime=noon',
    'sinceTime=2026-13-45T99:99:99Z',
    'sinceTime=2026-01-01T00:00:00Z&sinceSeconds=5',
  ])('is 400 for %s', async (query) => {
    const { read } = await podWorld();
    expect((await read(`${LOG}?${query}`))[0]).toBe(400);
  });

  it('is 503 while the engine is away', async () => {
    const { runtime, read } = await podWorld();
    runtime.goAway();
    expect((await read(LOG))[0]).toBe(503);
  });
});
