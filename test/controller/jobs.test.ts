import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Jobs } from '../../src/controller/jobs.js';
import type { Job } from '../../src/controller/jobs.js';
import type { ImageFacts } from '../../src/model/container.js';
import { RegistrarError } from '../../src/model/errors.js';
import { FakeClock, settle } from '../helpers/fake-clock.js';

const IMAGE: ImageFacts = { id: 'sha256:1', digest: 'sha256:2', user: '' };

/** Jobs that end when the test says so. */
function setUp() {
  const finished: string[] = [];
  const running = new Map<string, { end: (error?: RegistrarError) => void; signal: AbortSignal }>();
  const clock = new FakeClock();
  const jobs = new Jobs<ImageFacts>(3, clock, (module) => finished.push(module));
  const pull = (module: string, reference: string, occasion = ''): Job<ImageFacts> =>
    jobs.run(
      module,
      { key: reference, occasion },
      (_onProgress, signal) =>
        new Promise((resolve, reject) => {
          const end = (error?: RegistrarError): void => (error ? reject(error) : resolve(IMAGE));
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          running.set(reference, { end, signal });
        }),
    );
  return { clock, jobs, pull, finished, running };
}

describe('Jobs', () => {
  it('tells of work while it goes on, and of its end once', async () => {
    const { pull, finished, running } = setUp();
    expect(pull('web', 'app:1')).toMatchObject({ state: 'running' });
    await settle();
    running.get('app:1')?.end();
    await settle();
    expect(finished).toEqual(['web']);
    expect(pull('web', 'app:1')).toEqual({ state: 'done', result: IMAGE });
    expect(pull('web', 'app:1')).toMatchObject({ state: 'running' });
  });

  it('tells why it failed', async () => {
    const { pull, running } = setUp();
    pull('web', 'app:1');
    await settle();
    const error = new RegistrarError('IMAGE_PULL_FAILED', 'No route');
    running.get('app:1')?.end(error);
    await settle();
    expect(pull('web', 'app:1')).toEqual({ state: 'failed', error });
  });

  it('ends what the module does not want any more', async () => {
    const { pull, finished, running } = setUp();
    pull('web', 'app:1');
    await settle();
    pull('web', 'app:2');
    await settle();
    expect(running.get('app:1')?.signal.aborted).toBe(true);
    running.get('app:2')?.end();
    await settle();
    expect(finished).toEqual(['web']);
  });

  it('does three at once; a fourth begins when one has ended', async () => {
    const { pull, running } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) pull(name, `${name}:1`);
    await settle();
    expect([...running.keys()]).toEqual(['a:1', 'b:1', 'c:1']);
    running.get('b:1')?.end(new RegistrarError('IMAGE_PULL_FAILED', 'No route'));
    await settle();
    expect([...running.keys()]).toContain('d:1');
  });

  it('closes when nothing of it goes on any more', async () => {
    const { jobs, pull, finished } = setUp();
    let ended = false;
    pull('web', 'app:1');
    jobs.run('api', { key: 'slow', occasion: '' }, async (_onProgress, signal) => {
      await once(signal, 'abort');
      await settle();
      ended = true;
      return IMAGE;
    });
    await settle();
    await jobs.close();
    expect(ended).toBe(true);
    expect(finished).toEqual([]);
  });

  it('does not begin what was cancelled while it waited', async () => {
    const { jobs, pull, running } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) pull(name, `${name}:1`);
    await settle();
    jobs.cancel('d');
    running.get('a:1')?.end();
    await settle();
    expect([...running.keys()]).toEqual(['a:1', 'b:1', 'c:1']);
  });

  it('does not try again what failed before it is time, however often it is asked', async () => {
    const { clock, pull, running } = setUp();
    const begun: string[] = [];
    for (let seconds = 0; seconds < 3_600; seconds += 1) {
      if (pull('web', 'app:1').state === 'running') begun.push(String(seconds));
      await settle();
      running.get('app:1')?.end(new RegistrarError('IMAGE_PULL_FAILED', 'No route'));
      await settle();
      await clock.advance(1_000);
    }
    expect(begun.length).toBeGreaterThan(5);
    expect(begun.length).toBeLessThan(40);
  }, 60_000);

  it('tries again what only the user can help with on another occasion alone', async () => {
    const { clock, pull, running } = setUp();
    const error = new RegistrarError('BUILD_LIMIT', 'Too much');
    pull('web', 'app:1');
    await settle();
    running.get('app:1')?.end(error);
    await settle();
    await clock.advance(86_400_000);
    expect(pull('web', 'app:1')).toEqual({ state: 'failed', error });
    expect(pull('web', 'app:1')).toEqual({ state: 'failed', error });
    expect(pull('web', 'app:1', 'spec changed')).toMatchObject({ state: 'running' });
  });

  it('never does more than that, also when work comes in as other work ends', async () => {
    let [now, most] = [0, 0];
    const jobs = new Jobs<void>(2, new FakeClock(), () => undefined);
    const ends: (() => void)[] = [];
    const begin = (module: string): void => {
      const order = { key: '1', occasion: '' };
      jobs.run(module, order, async () => {
        most = Math.max(most, (now += 1));
        await new Promise<void>((resolve) => ends.push(resolve));
        now -= 1;
        // In the same turn of the loop as the end: before whoever waits for it is woken.
        if (module === 'a') queueMicrotask(() => queueMicrotask(() => begin('late')));
      });
    };
    for (const module of ['a', 'b', 'c']) begin(module);
    await settle();
    ends.shift()?.();
    await settle();
    expect(most).toBe(2);
  });

  it('keeps nothing of what was called off while it waited', async () => {
    const { jobs, pull, running, finished } = setUp();
    for (const name of ['a', 'b', 'c']) pull(name, `${name}:1`);
    for (let count = 0; count < 100; count += 1) pull('d', `d:${count}`);
    await settle();
    jobs.cancel('d');
    pull('e', 'e:1');
    running.get('a:1')?.end();
    await settle();
    expect([...running.keys()]).toEqual(['a:1', 'b:1', 'c:1', 'e:1']);
    expect(finished).toEqual(['a']);
  });

  it('begins nothing once it is closed', async () => {
    const { jobs, pull, running } = setUp();
    await jobs.close();
    pull('web', 'app:1');
    await settle();
    expect([...running.keys()]).toEqual([]);
  });
});
