import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { LogRequest } from '../../src/controller/operations.js';
import { codeOf } from '../helpers/code-of.js';
import { isReady, startLoop } from '../helpers/loop.js';
import type { Loop } from '../helpers/loop.js';

async function running(): Promise<{ loop: Loop; id: string }> {
  const loop = await startLoop();
  await loop.apply('web');
  await loop.until(() => isReady(loop.module('web')));
  return { loop, id: loop.module('web').status.containers[0]?.id ?? '' };
}

const log = (loop: Loop, request: Partial<LogRequest> = {}) =>
  loop.controller.operations.logs('web', { slot: 0 }, { follow: false, ...request });

async function linesOf(loop: Loop, request: Partial<LogRequest> = {}): Promise<string[]> {
  return (await text(await log(loop, request))).split('\n').slice(0, -1);
}

/** The container writes, time goes by, and the engine starts it again. */
async function crashAfter(loop: Loop, id: string, ...lines: string[]): Promise<void> {
  loop.runtime.engine.say(id, ...lines);
  await loop.advance(5_000);
  loop.runtime.engine.crash(id, 1);
  const { restarts } = loop.module('web').status;
  await loop.until(
    () => loop.module('web').status.restarts > restarts && isReady(loop.module('web')),
  );
}

describe('the log of a slot', () => {
  it('is that of the present run, and of the one before when asked', async () => {
    const { loop, id } = await running();
    for (const run of ['one', 'two', 'three']) await crashAfter(loop, id, `${run} a`, `${run} b`);
    loop.runtime.engine.say(id, 'four a', 'four b');
    expect(await linesOf(loop)).toEqual(['four a', 'four b']);
    expect(await linesOf(loop, { previous: true })).toEqual(['three a', 'three b']);
    expect(await linesOf(loop, { previous: true, tail: 1 })).toEqual(['three b']);
    expect(await linesOf(loop, { tail: 1 })).toEqual(['four b']);
  });

  it('is that of the last run while the container waits to be started again', async () => {
    const { loop, id } = await running();
    for (const run of ['one', 'two']) await crashAfter(loop, id, run);
    loop.runtime.engine.say(id, 'three');
    await loop.advance(5_000);
    loop.runtime.engine.crash(id, 1);
    await loop.until(() => loop.module('web').status.containers[0]?.state === 'exited');
    expect(await linesOf(loop)).toEqual(['three']);
    expect(await linesOf(loop, { previous: true })).toEqual(['three']);
  });

  it('has no previous run before one has ended, nor when the container is another one', async () => {
    const { loop, id } = await running();
    const nothing = 'previous terminated container "module" in pod "web-0" not found';
    const refused = await log(loop, { previous: true }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'BAD_REQUEST', message: nothing });
    await crashAfter(loop, id, 'old');
    loop.runtime.engine.remove(id);
    await loop.until(() => loop.module('web').status.containers[0]?.id !== id);
    await loop.until(() => isReady(loop.module('web')));
    expect(await codeOf(log(loop, { previous: true }))).toBe('BAD_REQUEST');
    expect(loop.module('web').status.containers[0]?.previousStartedAt).toBeUndefined();
  });

  it('begins no earlier than asked, whichever way it is asked', async () => {
    const { loop, id } = await running();
    for (const line of ['one', 'two', 'three']) {
      await loop.advance(10_000);
      loop.runtime.engine.say(id, line);
    }
    const now = loop.clock.now();
    expect(await linesOf(loop, { sinceSeconds: 10 })).toEqual(['two', 'three']);
    expect(await linesOf(loop, { sinceTime: now })).toEqual(['three']);
    expect(await linesOf(loop, { sinceTime: now + 1 })).toEqual([]);
  });

  it('is NOT_FOUND without a container in the slot', async () => {
    const { loop } = await running();
    const { operations } = loop.controller;
    expect(await codeOf(operations.logs('web', { slot: 7 }, { follow: false }))).toBe('NOT_FOUND');
    expect(await codeOf(operations.logs('none', { slot: 0 }, { follow: false }))).toBe('NOT_FOUND');
    const cat = { command: ['cat'], stdin: false, tty: false };
    expect(await codeOf(operations.exec('web', { slot: 7 }, cat))).toBe('NOT_FOUND');
  });

  it('cannot be read while the engine is away', async () => {
    const { loop } = await running();
    loop.runtime.goAway();
    expect(await codeOf(log(loop))).toBe('ENGINE_UNAVAILABLE');
  });
});
