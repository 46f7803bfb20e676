import { beforeEach, describe, expect, test } from 'vitest';
import type { NewEvent } from '../../src/model/event.js';
import { EventRecorder } from '../../src/registry/event-recorder.js';
import type { Change, Registry } from '../../src/registry/registry.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { openTempRegistry } from '../helpers/temp-registry.js';
import type { TempRegistry } from '../helpers/temp-registry.js';

function anEvent(overrides: Partial<NewEvent> = {}, name = 'echo', uid = `uid-${name}`): NewEvent {
  return {
    about: { apiVersion: 'registrar.synapsis.network/v1', kind: 'Module', name, uid },
    ...{ type: 'Normal', reason: 'Started', message: 'Started container echo-0' },
    ...overrides,
  };
}

let clock: FakeClock;
let temp: TempRegistry;
let registry: Registry;

beforeEach(async () => {
  clock = new FakeClock();
  temp = await openTempRegistry({ clock, eventLimits: { perObject: 3, total: 7 } });
  ({ registry } = temp);
});

const events = (from = registry) => from.list('Event').items.map(({ object }) => object);
const messages = (name: string) =>
  events()
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ message }) => message)
    .toSorted();

describe('recordEvent()', () => {
  test('stores a core/v1 Event in namespace default', async () => {
    await registry.recordEvent(anEvent());
    expect(events()).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: {
          name: expect.stringMatching(/^echo\.[0-9a-f]{16}$/) as unknown,
          namespace: 'default',
          uid: expect.any(String) as unknown,
          resourceVersion: '1',
          generation: 1,
          creationTimestamp: '2026-01-01T12:00:00Z',
        },
        involvedObject: anEvent().about,
        type: 'Normal',
        reason: 'Started',
        message: 'Started container echo-0',
        source: { component: 'registrar' },
        reportingComponent: 'registrar',
        reportingInstance: '',
        eventTime: null,
        firstTimestamp: '2026-01-01T12:00:00Z',
        lastTimestamp: '2026-01-01T12:00:00Z',
        count: 1,
      },
    ]);
  });

  test('counts the same again, and moves its last time', async () => {
    await registry.recordEvent(anEvent());
    await clock.advance(90_000);
    await registry.recordEvent(anEvent());
    expect(events()).toMatchObject([
      {
        count: 2,
        firstTimestamp: '2026-01-01T12:00:00Z',
        lastTimestamp: '2026-01-01T12:01:30Z',
        metadata: { resourceVersion: '2' },
      },
    ]);
  });

  test.each<[string, NewEvent]>([
    ['type', anEvent({ type: 'Warning' })],
    ['reason', anEvent({ reason: 'Restarted' })],
    ['message', anEvent({ message: 'Started container echo-1' })],
    ['object', anEvent({}, 'other')],
    ['uid of an object of the same name', anEvent({}, 'echo', 'uid-2')],
  ])('another %s is another event', async (_what, other) => {
    await registry.recordEvent(anEvent());
    await registry.recordEvent(other);
    expect(events().map(({ count }) => count)).toEqual([1, 1]);
  });

  test('cuts a message of any length', async () => {
    await registry.recordEvent(anEvent({ message: 'x'.repeat(100_000) }));
    expect(events()[0]?.message).toHaveLength(1024);
  });

  test('is watched like any other change', async () => {
    const seen: Change<'Event'>[] = [];
    registry.watch('Event', '0', (change) => seen.push(change));
    await registry.recordEvent(anEvent());
    await clock.advance(2000);
    await registry.recordEvent(anEvent());
    const shown = seen.map(({ type, stored, previous }) => {
      return [type, stored.object.count, previous?.object.count];
    });
    expect(shown).toEqual([
      ['ADDED', 1, undefined],
      ['MODIFIED', 2, 1],
    ]);
  });
});

describe('repeats within a second', () => {
  test('are stored together by the end of it', async () => {
    for (let i = 0; i < 50; i += 1) await registry.recordEvent(anEvent());
    expect(registry.stats.commits).toBe(1);
    await clock.advance(1000);
    await expect.poll(() => events()[0]?.count).toBe(50);
    expect(registry.stats.commits).toBe(2);
  });

  test('are stored once a second while they go on, and then no more', async () => {
    for (let i = 0; i < 30; i += 1) {
      await registry.recordEvent(anEvent());
      await clock.advance(100);
    }
    await clock.advance(5000);
    await expect.poll(() => events()[0]?.count).toBe(30);
    expect(registry.stats.commits).toBeLessThanOrEqual(4);
    // What is left is the probe of the store, and the note of how far it came.
    expect(clock.waiting).toHaveLength(2);
  });

  test('are not lost when the registry is closed', async () => {
    for (let i = 0; i < 5; i += 1) await registry.recordEvent(anEvent());
    expect(events(await temp.reopen())).toMatchObject([{ count: 5 }]);
  });

  test('are remembered for a thousand events at most', async () => {
    let writes = 0;
    const recorder = new EventRecorder(clock, () => Promise.resolve((writes += 1)));
    const all = Array.from({ length: 1200 }, (_, i) => anEvent({ message: `No ${i}` }));
    for (const event of [...all, ...all]) await recorder.record(event);
    expect(writes).toBe(1200 + 200);
    await recorder.close();
    expect(writes).toBe(1200 + 200 + 1000);
  });

  test('do not hide an event that could not be stored', async () => {
    let works = false;
    const stored: number[] = [];
    const recorder = new EventRecorder(clock, (_event, times) =>
      works ? Promise.resolve(stored.push(times)) : Promise.reject(new Error('full')),
    );
    await expect(recorder.record(anEvent())).rejects.toThrow('full');
    works = true;
    await recorder.record(anEvent());
    expect(stored).toEqual([1]);
    await recorder.close();
  });
});

describe('the limits', () => {
  test('keep the latest events of an object', async () => {
    for (let i = 0; i < 6; i += 1) await registry.recordEvent(anEvent({ message: `No ${i}` }));
    await registry.recordEvent(anEvent({}, 'other'));
    expect(messages('echo')).toEqual(['No 3', 'No 4', 'No 5']);
    expect(messages('other')).toHaveLength(1);
  });

  test('hold for events that are recorded together', async () => {
    const all = Array.from({ length: 9 }, (_, i) => anEvent({ message: `No ${i}` }));
    await Promise.all(all.map((event) => registry.recordEvent(event)));
    expect(messages('echo')).toEqual(['No 6', 'No 7', 'No 8']);
  });

  test('spare an event that happened again', async () => {
    for (let i = 0; i < 3; i += 1) await registry.recordEvent(anEvent({ message: `No ${i}` }));
    await clock.advance(2000);
    await registry.recordEvent(anEvent({ message: 'No 0' }));
    await registry.recordEvent(anEvent({ message: 'No 3' }));
    expect(messages('echo')).toEqual(['No 0', 'No 2', 'No 3']);
  });

  test('keep the latest events of all objects, also after a restart', async () => {
    for (let i = 0; i < 6; i += 1) await registry.recordEvent(anEvent({}, `m-${i}`));
    registry = await temp.reopen();
    for (let i = 6; i < 10; i += 1) await registry.recordEvent(anEvent({}, `m-${i}`));
    const names = events().map(({ involvedObject }) => involvedObject.name);
    expect(names).toEqual(['m-3', 'm-4', 'm-5', 'm-6', 'm-7', 'm-8', 'm-9']);
    expect(events(await temp.reopen())).toHaveLength(7);
  });

  test('show in a watch as deletions', async () => {
    const seen: string[] = [];
    registry.watch('Event', '0', ({ type, stored }) => {
      seen.push(`${type} ${stored.object.message}`);
    });
    for (let i = 0; i < 4; i += 1) await registry.recordEvent(anEvent({ message: `No ${i}` }));
    expect(seen).toEqual(['ADDED No 0', 'ADDED No 1', 'ADDED No 2', 'DELETED No 0', 'ADDED No 3']);
  });
});
