import { describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draftOf } from '../../src/model/draft.js';
import type { ModuleSpec } from '../../src/model/module.js';
import { openRegistry } from '../../src/registry/open.js';
import type { CreateRequest } from '../../src/docker/runtime.js';
import { aManifest } from '../helpers/builders.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { writeSecret } from '../helpers/secrets.js';
import { tempDataDir } from '../helpers/temp-registry.js';

const VALUE = 'canary-value-91b7';
const refersTo = (name: string, key: string, variable = 'API_KEY'): ModuleSpec['env'][number] => ({
  name: variable,
  valueFrom: { secretKeyRef: { name, key } },
});
const USES = { env: [refersTo('keys', 'api')] };

/** What containers were created with, in order. */
const given = ({ runtime }: Loop): Record<string, string>[] =>
  runtime.calls
    .filter(({ method }) => method === 'create')
    .map(({ args }) => Object.fromEntries((args[0] as CreateRequest).secrets));

const ready = (loop: Loop, name = 'web'): Promise<void> =>
  loop.until(() => isReady(loop.module(name)));
const readyMessage = (loop: Loop): string =>
  loop.module('web').status.conditions.find(({ type }) => type === 'Ready')?.message ?? '';
const containers = ({ runtime }: Loop): string[] =>
  [...runtime.engine.containers.values()].map(({ id, state }) => `${id} ${state}`);

async function running(): Promise<Loop> {
  const loop = await startLoop();
  await writeSecret(loop.registry, 'keys', { api: VALUE });
  await loop.apply('web', USES);
  await ready(loop);
  return loop;
}

describe('a module that uses a Secret', () => {
  it('has the value in its environment, and only there', async () => {
    const loop = await running();
    expect(given(loop)).toEqual([{ API_KEY: VALUE }]);
    const kinds = ['Module', 'Revision', 'Report', 'Event', 'Pod', 'Secret'] as const;
    const stored = kinds.flatMap((kind) => loop.registry.list(kind).items.map(({ json }) => json));
    expect(stored.length).toBeGreaterThan(kinds.length);
    expect(stored.filter((json) => json.includes(VALUE))).toEqual([]);
    const [revision] = loop.registry.list('Revision').items;
    expect(revision?.object.spec.template.env).toEqual(USES.env);
  });

  it('gets other containers when the value changes, and none when it is written again', async () => {
    const loop = await running();
    const before = containers(loop);
    await writeSecret(loop.registry, 'keys', { api: VALUE, other: 'value that nobody uses' });
    await loop.advance(120_000);
    expect(containers(loop)).toEqual(before);
    await writeSecret(loop.registry, 'keys', { api: 'another value' });
    await loop.until(() => given(loop).length === 2);
    expect(given(loop)[1]).toEqual({ API_KEY: 'another value' });
    await ready(loop);
    expect(loop.registry.list('Revision').items).toHaveLength(2);
  });

  it('goes back to the revision that it was when the value is back', async () => {
    const loop = await running();
    const first = loop.module('web').status.currentRevision;
    await writeSecret(loop.registry, 'keys', { api: 'another value' });
    await loop.until(() => loop.module('web').status.currentRevision !== first);
    await writeSecret(loop.registry, 'keys', { api: VALUE });
    await loop.until(() => loop.module('web').status.currentRevision === first);
  });

  it('costs nothing while nothing changes', async () => {
    const loop = await running();
    const { resourceVersion } = loop.registry;
    const calls = loop.runtime.calls.length;
    await loop.advance(300_000);
    expect(loop.registry.resourceVersion).toBe(resourceVersion);
    const looks = new Set<string>(['list', 'inspect', 'info']);
    const later = loop.runtime.calls.slice(calls).map(({ method }) => method);
    expect(later.filter((method) => !looks.has(method))).toEqual([]);
  });
});

describe('a value that is not there', () => {
  it.each([
    ['no such Secret', 'none', 'api', 'Secret "none" does not exist'],
    ['no such key', 'keys', 'none', 'Secret "keys" has no key "none"'],
    ['a name of JavaScript', 'keys', 'toString', 'Secret "keys" has no key "toString"'],
  ])('is waited for: %s', async (_what, name, key, words) => {
    const loop = await startLoop();
    await writeSecret(loop.registry, 'keys', { api: VALUE });
    await loop.apply('web', { env: [refersTo(name, key)] });
    await loop.until(() => readyReason(loop.module('web')) === 'SecretMissing');
    expect(readyMessage(loop)).toContain(words);
    expect(loop.module('web').status.phase).toBe('Failed');
    await writeSecret(loop.registry, name, { api: VALUE, [key]: 'here it is' });
    await ready(loop);
    expect(given(loop)).toEqual([{ API_KEY: 'here it is' }]);
  });

  it('leaves running what runs, and comes back as if nothing had been', async () => {
    const loop = await running();
    const before = containers(loop);
    await loop.registry.delete('Secret', 'keys');
    await loop.until(() => readyReason(loop.module('web')) === 'SecretMissing');
    expect(loop.module('web').status.phase).toBe('Degraded');
    const { links } = await loop.controller.operations.trust(loop.module('web'));
    expect(links.filter(({ holds }) => holds === 'no')).toEqual([]);
    await loop.advance(120_000);
    expect(containers(loop)).toEqual(before);
    await writeSecret(loop.registry, 'keys', { api: VALUE });
    await ready(loop);
    expect(containers(loop)).toEqual(before);
  });

  it('is told for a Secret that is for other modules', async () => {
    const loop = await startLoop();
    await writeSecret(loop.registry, 'keys', { api: VALUE }, { modules: ['miner-*', 'other'] });
    await loop.apply('web', USES);
    await loop.apply('miner-1', USES);
    await ready(loop, 'miner-1');
    await loop.until(() => readyReason(loop.module('web')) === 'SecretForbidden');
    expect(given(loop)).toHaveLength(1);
  });

  it.each([
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x41])],
    ['a NUL', Buffer.from('a\0b')],
    ['more than a variable holds', Buffer.alloc(32_769, 'x')],
  ])('is told for %s', async (_what, value) => {
    const loop = await running();
    const before = containers(loop);
    await writeSecret(loop.registry, 'keys', { api: value });
    await loop.until(() => readyReason(loop.module('web')) === 'SecretUnusable');
    expect(containers(loop)).toEqual(before);
  });
});

describe('a key file that is missing or another one', () => {
  it('leaves running what runs, and other modules alone', async () => {
    const clock = new FakeClock();
    const dataDir = tempDataDir();
    const first = await openRegistry({ dataDir, clock });
    const runtime = new MemoryRuntime({ clock, instanceId: first.instanceId });
    runtime.engine.addImage('sample:1');
    const before = await startLoop({ clock, registry: first, runtime });
    await writeSecret(first, 'keys', { api: VALUE });
    await before.apply('web', USES);
    await ready(before);
    const ran = containers(before);
    await before.stop();
    await first.close();
    const other = Buffer.alloc(32, 1).toString('base64');
    writeFileSync(join(dataDir, 'keys', 'kek'), other, { mode: 0o600 });

    const registry = await openRegistry({ dataDir, clock });
    const loop = await startLoop({ clock, registry, runtime });
    await ready(loop);
    expect(containers(loop)).toEqual(ran);
    const manifest = aManifest('web', { ...USES, args: ['now another'] });
    await registry.update('Module', 'web', (current) => draftOf(manifest, { current }));
    await loop.until(() => readyReason(loop.module('web')) === 'SecretUnreadable');
    await loop.apply('plain');
    await ready(loop, 'plain');
    expect(containers(loop)[0]).toBe(ran[0]);
    await writeSecret(registry, 'keys', { api: 'written again' });
    await ready(loop);
    expect(given(loop).at(-1)).toEqual({ API_KEY: 'written again' });
    await loop.stop();
    await registry.close();
  });
});
