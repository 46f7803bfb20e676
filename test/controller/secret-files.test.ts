import { describe, expect, it } from 'vitest';
import type { CreateRequest } from '../../src/docker/runtime.js';
import { RegistrarError } from '../../src/model/errors.js';
import type { ModuleSpec } from '../../src/model/module.js';
import { isReady, readyReason, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { writeSecret } from '../helpers/secrets.js';

type Volume = ModuleSpec['volumes'][number];
type Secret = NonNullable<Volume['secret']>;

const mounting = (secret: Partial<Secret> = {}): Partial<ModuleSpec> => ({
  volumes: [
    {
      ...{ name: 'files', mountPath: '/run/secrets/keys', readOnly: false },
      secret: { secretName: 'keys', defaultMode: '0400', ...secret },
    },
  ],
});

/** The files that containers were created with, in order. */
const given = ({ runtime }: Loop): Record<string, string>[] =>
  runtime.calls
    .filter(({ method }) => method === 'create')
    .map(({ args }) =>
      Object.fromEntries(
        (args[0] as CreateRequest).files.map(({ volume, path, mode, bytes }) => [
          `${volume}/${path}`,
          `${mode.toString(8)} ${bytes.toString()}`,
        ]),
      ),
    );

const ready = (loop: Loop): Promise<void> => loop.until(() => isReady(loop.module('web')));
const says = (loop: Loop, reason: string): Promise<void> =>
  loop.until(() => readyReason(loop.module('web')) === reason);
const message = (loop: Loop): string =>
  loop.module('web').status.conditions.find(({ type }) => type === 'Ready')?.message ?? '';
const containers = ({ runtime }: Loop): string[] =>
  [...runtime.engine.containers.values()].map(({ id, state }) => `${id} ${state}`);

async function running(secret: Partial<Secret> = {}): Promise<Loop> {
  const loop = await startLoop();
  await writeSecret(loop.registry, 'keys', { 'b.pem': 'two', a: 'one' });
  await loop.apply('web', mounting(secret));
  await ready(loop);
  return loop;
}

describe('a module that mounts a Secret', () => {
  it('has a file for each key, with the mode of the volume', async () => {
    const loop = await running();
    expect(given(loop)).toEqual([{ 'files/a': '400 one', 'files/b.pem': '400 two' }]);
  });

  it('has the files that items name, and no others', async () => {
    const items = [
      { key: 'a', path: 'here/a.txt', mode: '0440' },
      { key: 'a', path: 'again' },
    ];
    const loop = await running({ items });
    expect(given(loop)).toEqual([{ 'files/here/a.txt': '440 one', 'files/again': '400 one' }]);
  });

  it('has other files when a value changes or a key is added, as another revision', async () => {
    const loop = await running();
    await writeSecret(loop.registry, 'keys', { 'b.pem': 'two', a: 'another' });
    await loop.until(() => given(loop).length === 2);
    await ready(loop);
    await writeSecret(loop.registry, 'keys', { 'b.pem': 'two', a: 'another', c: 'three' });
    await loop.until(() => given(loop).length === 3);
    await ready(loop);
    expect(given(loop)[2]).toMatchObject({ 'files/a': '400 another', 'files/c': '400 three' });
    expect(loop.registry.list('Revision').items).toHaveLength(3);
  });

  it('is left alone by values that it does not mount, and by those that are written again', async () => {
    const loop = await running({ items: [{ key: 'a', path: 'a' }] });
    const before = containers(loop);
    await writeSecret(loop.registry, 'keys', { a: 'one', other: 'nobody mounts it' });
    await loop.advance(120_000);
    expect(containers(loop)).toEqual(before);
  });

  it('has an empty folder of a Secret without keys', async () => {
    const loop = await startLoop();
    await writeSecret(loop.registry, 'keys', {});
    await loop.apply('web', mounting());
    await ready(loop);
    expect(given(loop)).toEqual([{}]);
  });

  it('takes bytes that are no text', async () => {
    const loop = await startLoop();
    await writeSecret(loop.registry, 'keys', { key: Buffer.from([0, 0xff, 0x0a]) });
    await loop.apply('web', mounting());
    await ready(loop);
    const [request] = loop.runtime.calls
      .filter(({ method }) => method === 'create')
      .map(({ args }) => args[0] as CreateRequest);
    expect(request?.files[0]?.bytes).toEqual(Buffer.from([0, 0xff, 0x0a]));
  });
});

describe('a file that cannot be had', () => {
  it.each([
    ['no such Secret', { secretName: 'none' }, 'SecretMissing', 'Secret "none" does not exist'],
    [
      'no such key',
      { items: [{ key: 'none', path: 'a' }] },
      'SecretMissing',
      'Secret "keys" has no key "none"',
    ],
  ])('blocks what is new and says so: %s', async (_what, secret, reason, words) => {
    const loop = await running();
    const before = containers(loop);
    await loop.apply('web', mounting(secret));
    await says(loop, reason);
    expect(message(loop)).toContain(words);
    expect(containers(loop)).toEqual(before);
  });

  it('is told for a key that can be no name of a file', async () => {
    const loop = await startLoop();
    await writeSecret(loop.registry, 'keys', { '..': 'up' });
    await loop.apply('web', mounting());
    await says(loop, 'SecretUnusable');
    expect(message(loop)).toContain('Key ".." of Secret "keys" cannot be the name of a file');
    expect(given(loop)).toEqual([]);
    await loop.apply('web', mounting({ items: [{ key: '..', path: 'up' }] }));
    await ready(loop);
    expect(given(loop)).toEqual([{ 'files/up': '400 up' }]);
  });

  it('is told where files cannot be kept, before anything is stopped', async () => {
    const loop = await running();
    const before = containers(loop);
    const refusal = new RegistrarError('SECRET_FILES_UNAVAILABLE', 'Cannot keep files');
    loop.runtime.engine.refusals.set('files', refusal);
    await writeSecret(loop.registry, 'keys', { a: 'another' });
    await says(loop, 'SecretFilesUnavailable');
    expect(loop.module('web').status.phase).toBe('Degraded');
    expect(containers(loop)).toEqual(before);
    loop.runtime.engine.refusals.clear();
    await ready(loop);
    expect(given(loop)[1]).toEqual({ 'files/a': '400 another' });
  });
});

describe('after the host was started anew', () => {
  const lose = ({ runtime }: Loop): void => {
    for (const id of runtime.engine.containers.keys()) runtime.engine.loseFiles(id);
  };

  it('a container without its files is made again with them, as the same revision', async () => {
    const loop = await running();
    const { currentRevision } = loop.module('web').status;
    lose(loop);
    await loop.until(() => given(loop).length === 2);
    await ready(loop);
    expect(given(loop)[1]).toEqual(given(loop)[0]);
    expect(loop.module('web').status).toMatchObject({
      currentRevision,
      updatedRevision: currentRevision,
    });
    expect(loop.runtime.engine.containers.size).toBe(1);
  });

  it('one whose values cannot be had any more is kept, and the module says why', async () => {
    const loop = await running();
    await loop.registry.delete('Secret', 'keys');
    await says(loop, 'SecretMissing');
    const starts = loop.runtime.count('start');
    lose(loop);
    await loop.advance(120_000);
    expect(readyReason(loop.module('web'))).toBe('SecretMissing');
    expect([loop.runtime.engine.containers.size, loop.runtime.count('start')]).toEqual([1, starts]);
    await writeSecret(loop.registry, 'keys', { 'b.pem': 'two', a: 'one' });
    await ready(loop);
  });
});

it('a revision that a rollout went back to keeps its files, and says what it lacks once they are lost', async () => {
  const loop = await startLoop();
  await writeSecret(loop.registry, 'keys', { a: 'first' });
  const strategy = {
    ...{ type: 'RollingUpdate' as const, maxSurge: 1, maxUnavailable: 0, minReadySeconds: 5 },
    ...{ progressDeadlineSeconds: 60, autoRollback: true },
  };
  await loop.apply('web', { ...mounting(), strategy });
  await ready(loop);
  const [first = ''] = loop.runtime.engine.containers.keys();
  await writeSecret(loop.registry, 'keys', { a: 'second' });
  await loop.until(() => loop.runtime.engine.containers.size === 2);
  const second = [...loop.runtime.engine.containers.keys()].find((id) => id !== first) ?? '';
  loop.runtime.engine.restartLater(second);
  loop.runtime.engine.restartLater(second);
  await says(loop, 'RolledBack');
  expect(containers(loop)).toEqual([`${first} running`]);
  loop.runtime.engine.loseFiles(first);
  await says(loop, 'SecretChanged');
  expect(message(loop)).toMatch(/Revision [0-9a-f]{7} cannot be made again.*unquarantine web"/);
  expect(loop.module('web').status.phase).toBe('Failed');
  await writeSecret(loop.registry, 'keys', { a: 'first' });
  await ready(loop);
  expect(given(loop).at(-1)).toEqual({ 'files/a': '400 first' });
});
