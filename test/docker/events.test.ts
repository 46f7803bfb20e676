import { describe, expect, onTestFinished, test } from 'vitest';
import { EngineClient } from '../../src/docker/client.js';
import { followEvents } from '../../src/docker/events.js';
import type { RuntimeEvent } from '../../src/docker/runtime.js';
import { dockerWorld } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { dockerHost } from '../helpers/engine.js';

const TIMES = { minRetryMs: 20, maxRetryMs: 100, goodMs: 60_000, silenceMs: 60_000 };

type Events = AsyncIterator<RuntimeEvent>;

function follow(host: string, instance: string, times = TIMES): Events {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const client = new EngineClient(host, {
    pingMs: 300,
    readMs: 2_000,
    changeMs: 2_000,
    stopMarginMs: 0,
  });
  return followEvents(client, instance, abort.signal, times)[Symbol.asyncIterator]();
}

async function next(events: Events): Promise<RuntimeEvent> {
  const result = await events.next();
  if (result.done === true) throw new Error('The events ended');
  return result.value;
}

/** The first event that is such an action; fails when the stream was interrupted before. */
async function action(events: Events, wanted: string): Promise<RuntimeEvent> {
  for (;;) {
    const event = await next(events);
    if (event.kind === 'gap') throw new Error('Interrupted');
    if (event.action === wanted) return event;
  }
}

describe('followEvents', () => {
  test('says that there is a gap when the connection breaks, and again when it is back', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld();
    const events = follow(proxy.dockerHost, world.instance);
    expect(await next(events)).toEqual({ kind: 'gap' });
    const gap = next(events);
    await proxy.cut();
    await world.make();
    expect(await gap).toEqual({ kind: 'gap' });
    const back = next(events);
    await proxy.restore();
    expect(await back).toEqual({ kind: 'gap' });
    const id = await world.make({}, { slot: 1 });
    expect(await action(events, 'create')).toMatchObject({ id, module: world.module });
  });

  test('waits for an engine that is not there yet', async () => {
    const proxy = await engineProxy();
    await proxy.cut();
    const events = follow(proxy.dockerHost, 'instance');
    const first = next(events);
    await proxy.restore();
    expect(await first).toEqual({ kind: 'gap' });
  });

  test('a connection that went silent because the engine hangs is given up', async () => {
    const proxy = await engineProxy();
    const events = follow(proxy.dockerHost, 'instance', { ...TIMES, silenceMs: 100 });
    expect(await next(events)).toEqual({ kind: 'gap' });
    const gap = next(events);
    proxy.pause();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await proxy.restore();
    expect(await gap).toEqual({ kind: 'gap' });
  });

  test('a connection that is silent because nothing happens is kept', async () => {
    const world = await dockerWorld();
    const events = follow(dockerHost(), world.instance, { ...TIMES, silenceMs: 20 });
    expect(await next(events)).toEqual({ kind: 'gap' });
    const made = action(events, 'create');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const id = await world.make();
    expect(await made).toMatchObject({ id });
  });

  test('a change of health is told, the check itself is not', async () => {
    const world = await dockerWorld();
    const events = follow(dockerHost(), world.instance);
    expect(await next(events)).toEqual({ kind: 'gap' });
    const times = { intervalSeconds: 1, timeoutSeconds: 5, retries: 1, startPeriodSeconds: 0 };
    await world.run({ healthCheck: { exec: { command: ['true'] }, ...times } });
    const actions: string[] = [];
    while (!actions.includes('health_status')) {
      const event = await next(events);
      if (event.kind === 'container') actions.push(event.action);
    }
    expect(actions).toEqual(['create', 'start', 'health_status']);
  });

  test('ends when it is told to, whatever it waits for', async () => {
    const proxy = await engineProxy();
    for (const state of ['connected', 'away', 'hanging'] as const) {
      const abort = new AbortController();
      const client = new EngineClient(proxy.dockerHost);
      const events = followEvents(client, 'instance', abort.signal, {
        ...TIMES,
        minRetryMs: 60_000,
      });
      if (state === 'connected') await events.next();
      if (state === 'away') await proxy.cut();
      if (state === 'hanging') proxy.pause();
      const end = events.next();
      setTimeout(() => abort.abort(), 50);
      expect(await end).toEqual({ done: true, value: undefined });
      await proxy.restore();
    }
  });
});
