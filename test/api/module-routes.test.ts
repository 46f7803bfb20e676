import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ModuleOperations } from '../../src/controller/operations.js';
import { RegistrarError } from '../../src/model/errors.js';
import type { ModuleManifest } from '../../src/model/module.js';
import { IDLE } from '../helpers/idle-operations.js';
import { aModule, MODULES, openTestApi } from './test-api.js';
import type { TestApi } from './test-api.js';
import { get, startTestServer } from './test-server.js';

async function openWith(operations: Partial<ModuleOperations>): Promise<TestApi> {
  const api = await openTestApi({ operations: { ...IDLE, ...operations } });
  await api.call('POST', MODULES, { body: aModule('demo') });
  return api;
}

describe('POST of a plan', () => {
  it('says what applying the module would do, and does nothing', async () => {
    const asked: ModuleManifest[] = [];
    const actions = [{ symbol: '+' as const, text: 'create container demo-0', because: 'new' }];
    const changes = [{ path: 'spec.replicas', from: 1, to: 2 }];
    const strategy = { order: 'stop-first' as const, because: 'both write to volume "state"' };
    const api = await openWith({
      preview: async (manifest) => {
        asked.push(manifest);
        return { actions, changes, strategy };
      },
    });
    const before = api.registry.resourceVersion;
    const { code, body } = await api.call('POST', `${MODULES}/demo/plan`, {
      body: aModule('demo', { replicas: 2 }),
    });
    expect(code).toBe(200);
    expect(body).toEqual({
      apiVersion: 'registrar.synapsis.network/v1',
      kind: 'Plan',
      metadata: { name: 'demo' },
      actions,
      changes,
      strategy,
    });
    expect(asked).toMatchObject([{ metadata: { name: 'demo' }, spec: { replicas: 2, env: [] } }]);
    expect(api.registry.resourceVersion).toBe(before);
  });

  it('warns of what is well for now but may not stay so', async () => {
    const cautions = ['The host has little memory'];
    const api = await openWith({ preview: async () => ({ actions: [], changes: [], cautions }) });
    const { headers } = await api.call('POST', `${MODULES}/demo/plan`, { body: aModule('demo') });
    expect(headers['warning']).toEqual(['299 - "The host has little memory"']);
  });

  it('works for a module that is not there yet', async () => {
    const api = await openWith({});
    const url = `${MODULES}/fresh/plan`;
    expect((await api.call('POST', url, { body: aModule('fresh') })).code).toBe(200);
  });

  it('refuses what applying would refuse', async () => {
    const api = await openWith({});
    const url = `${MODULES}/demo/plan?fieldValidation=Strict`;
    expect((await api.call('POST', url, { body: aModule('demo', { replicas: -1 }) })).code).toBe(
      422,
    );
    expect((await api.call('POST', url, { body: aModule('demo', { replicaz: 1 }) })).code).toBe(
      400,
    );
    expect((await api.call('POST', url, { body: aModule('other') })).code).toBe(400);
    expect((await api.call('POST', url, { body: {} })).code).toBe(400);
  });
});

describe('a write of a module', () => {
  it('warns of what the module has to wait for, and says whether it was stored', async () => {
    const asked: string[] = [];
    const api = await openWith({
      cautions: async ({ metadata }, isStored) => {
        asked.push(`${metadata.name} ${isStored}`);
        return metadata.name === 'demo' ? [] : ['It has to wait'];
      },
    });
    const body = aModule('late');
    const dry = await api.call('POST', `${MODULES}?dryRun=All`, { body });
    const made = await api.call('POST', MODULES, { body });
    const patch = {
      ...{ body: { spec: { replicas: 2 } } },
      headers: { 'content-type': 'application/merge-patch+json' },
    };
    const changed = await api.call('PATCH', `${MODULES}/late`, patch);
    for (const { headers } of [dry, made, changed]) {
      expect(headers['warning']).toEqual(['299 - "It has to wait"']);
    }
    expect(asked).toEqual(['demo true', 'late false', 'late true', 'late true']);
  });

  it('of its status or its scale asks nothing', async () => {
    const asked: string[] = [];
    const api = await openWith({
      cautions: async ({ metadata }) => {
        asked.push(metadata.name);
        return ['It has to wait'];
      },
    });
    const patch = {
      ...{ body: { spec: { replicas: 2 } } },
      headers: { 'content-type': 'application/merge-patch+json' },
    };
    const { headers } = await api.call('PATCH', `${MODULES}/demo/scale`, patch);
    expect(headers).not.toHaveProperty('warning');
    expect(asked).toEqual(['demo']);
  });
});

describe('GET of a log', () => {
  it('passes the options on and answers with the text', async () => {
    const asked: Parameters<ModuleOperations['logs']>[] = [];
    const api = await openWith({
      logs: async (...args) => {
        asked.push(args);
        return Readable.from(['one\n', 'two\n']);
      },
    });
    const plain = await api.call('GET', `${MODULES}/demo/log`);
    expect([plain.code, plain.text]).toEqual([200, 'one\ntwo\n']);
    expect(plain.headers['content-type']).toBe('text/plain; charset=utf-8');
    const query = 'slot=2&follow=true&tailLines=0&sinceSeconds=60&timestamps=True&previous=1';
    await api.call('GET', `${MODULES}/demo/log?${query}`);
    const all = { follow: false, previous: false, timestamps: false };
    const some = { tail: 0, sinceSeconds: 60 };
    expect(asked).toEqual([
      ['demo', { slot: 0 }, all],
      ['demo', { slot: 2 }, { follow: true, previous: true, timestamps: true, ...some }],
    ]);
  });

  it('refuses a module or a slot that is not there, and options that are no numbers', async () => {
    const api = await openWith({
      logs: () => Promise.reject(new RegistrarError('NOT_FOUND', 'Module "demo" has no slot 7')),
    });
    expect((await api.call('GET', `${MODULES}/nope/log`)).code).toBe(404);
    const { code, body } = await api.call('GET', `${MODULES}/demo/log?slot=7`);
    expect([code, body.message]).toEqual([404, 'Module "demo" has no slot 7']);
    expect((await api.call('GET', `${MODULES}/demo/log?slot=-1`)).code).toBe(400);
    expect((await api.call('GET', `${MODULES}/demo/log?tailLines=all`)).code).toBe(400);
  });

  it('streams lines as they come, and lets go of the source when the client leaves', async () => {
    const source = new PassThrough();
    const listening = await startTestServer(await openWith({ logs: async () => source }));
    const response = await get(listening, `${MODULES}/demo/log?follow=true`);
    expect(response.statusCode).toBe(200);
    source.write('hello\n');
    expect(String((await once(response, 'data'))[0])).toBe('hello\n');
    response.destroy();
    await once(source, 'close');
  });

  it('ends cleanly when the daemon stops', async () => {
    const source = new PassThrough();
    const api = await openWith({ logs: async () => source });
    const response = await get(await startTestServer(api), `${MODULES}/demo/log?follow=true`);
    source.write('last words\n');
    await once(response, 'readable');
    api.shutdown.abort();
    expect(await text(response)).toBe('last words\n');
    expect(source.destroyed).toBe(true);
  });

  it('is cut off, not ended, when the source fails', async () => {
    const source = new PassThrough();
    const api = await openWith({ logs: async () => source });
    const response = await get(await startTestServer(api), `${MODULES}/demo/log?follow=true`);
    source.destroy(new Error('engine away'));
    await expect(text(response)).rejects.toThrow('aborted');
  });
});
