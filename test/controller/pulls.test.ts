import { describe, expect, it } from 'vitest';
import { Pulls } from '../../src/controller/pulls.js';
import type { ImageFacts } from '../../src/model/container.js';
import { RegistrarError } from '../../src/model/errors.js';
import { settle } from '../helpers/fake-clock.js';

const IMAGE: ImageFacts = { id: 'sha256:1', digest: 'sha256:2', user: '' };

/** Pulls that end when the test says so. */
function setUp() {
  const finished: string[] = [];
  const running = new Map<string, { end: (error?: RegistrarError) => void; signal: AbortSignal }>();
  const pulls = new Pulls(
    {
      pullImage: (reference, _progress, signal) =>
        new Promise((resolve, reject) => {
          const end = (error?: RegistrarError): void => (error ? reject(error) : resolve(IMAGE));
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          running.set(reference, { end, signal });
        }),
    },
    (module) => finished.push(module),
  );
  return { pulls, finished, running };
}

describe('Pulls', () => {
  it('tells of a pull while it goes on, and of its end once', async () => {
    const { pulls, finished, running } = setUp();
    expect(pulls.pull('web', 'app:1')).toMatchObject({ state: 'pulling' });
    await settle();
    running.get('app:1')?.end();
    await settle();
    expect(finished).toEqual(['web']);
    expect(pulls.pull('web', 'app:1')).toEqual({ state: 'done', image: IMAGE });
    expect(pulls.pull('web', 'app:1')).toMatchObject({ state: 'pulling' });
  });

  it('tells why a pull failed', async () => {
    const { pulls, running } = setUp();
    pulls.pull('web', 'app:1');
    await settle();
    const error = new RegistrarError('IMAGE_PULL_FAILED', 'No route');
    running.get('app:1')?.end(error);
    await settle();
    expect(pulls.pull('web', 'app:1')).toEqual({ state: 'failed', error });
  });

  it('ends the pull of an image that the module does not want any more', async () => {
    const { pulls, finished, running } = setUp();
    pulls.pull('web', 'app:1');
    await settle();
    pulls.pull('web', 'app:2');
    await settle();
    expect(running.get('app:1')?.signal.aborted).toBe(true);
    running.get('app:2')?.end();
    await settle();
    expect(finished).toEqual(['web']);
  });

  it('pulls three at once; a fourth begins when one has ended', async () => {
    const { pulls, running } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) pulls.pull(name, `${name}:1`);
    await settle();
    expect([...running.keys()]).toEqual(['a:1', 'b:1', 'c:1']);
    running.get('b:1')?.end(new RegistrarError('IMAGE_PULL_FAILED', 'No route'));
    await settle();
    expect([...running.keys()]).toContain('d:1');
  });

  it('does not begin a pull that was cancelled while it waited', async () => {
    const { pulls, running } = setUp();
    for (const name of ['a', 'b', 'c', 'd']) pulls.pull(name, `${name}:1`);
    await settle();
    pulls.cancel('d');
    running.get('a:1')?.end();
    await settle();
    expect([...running.keys()]).toEqual(['a:1', 'b:1', 'c:1']);
  });
});
