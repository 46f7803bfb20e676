import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LogOptions } from '../../../src/docker/runtime.js';
import { logEye } from '../../../src/controller/progress/log-eye.js';
import { FakeClock, settle } from '../../helpers/fake-clock.js';

/** An eye over a log that the test writes. */
function setUp(pattern = 'epoch \\d+', clock = new FakeClock()) {
  const logs: PassThrough[] = [];
  const asked: LogOptions[] = [];
  let isAway = false;
  const eye = logEye('one', pattern, {
    clock,
    runtime: {
      logs: (_, options) => {
        if (isAway) return Promise.reject(new Error('away'));
        asked.push(options);
        const log = new PassThrough();
        logs.push(log);
        return Promise.resolve(log);
      },
    },
  });
  onTestFinished(() => eye.close());
  const write = async (text: string): Promise<void> => {
    logs.at(-1)?.write(text);
    await settle();
  };
  const away = (value: boolean): void => void (isAway = value);
  return { eye, logs, asked, write, away };
}

const blind = { kind: 'blind' };
const seen = (count: number) => ({ kind: 'seen', value: String(count), detail: '' });

describe('logEye()', () => {
  it('looks at new lines only, and knows nothing before it follows them', async () => {
    const { eye, asked } = setUp();
    expect(await eye.look()).toEqual(blind);
    expect(asked).toEqual([{ follow: true, tail: 0 }]);
    expect(await eye.look()).toEqual(seen(0));
  });

  it('counts a look with a line that matches, whatever else is written', async () => {
    const { eye, write } = setUp();
    await eye.look();
    await write('idle\nidle\n');
    expect(await eye.look()).toEqual(seen(0));
    await write('idle\nepoch 12 done\nidle\n');
    expect(await eye.look()).toEqual(seen(1));
    expect(await eye.look()).toEqual(seen(1));
  });

  it('does not go on reading after a match until the next look', async () => {
    const { eye, logs, write } = setUp();
    await eye.look();
    await write('epoch 1\n');
    expect(logs.map(({ destroyed }) => destroyed)).toEqual([true]);
    await eye.look();
    expect(logs.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  });

  it('looks at the beginning of a line that is very long', async () => {
    const { eye, write } = setUp('late');
    await eye.look();
    await write(`${'x'.repeat(10_000)} late\n`);
    expect(await eye.look()).toEqual(seen(0));
  });

  it('is blind when the log ends, and sees again once it can be followed', async () => {
    const { eye, logs, away, write } = setUp();
    await eye.look();
    await eye.look();
    away(true);
    logs.at(-1)?.destroy(new Error('cut'));
    await settle();
    expect(await eye.look()).toEqual(blind);
    expect(await eye.look()).toEqual(blind);
    away(false);
    expect(await eye.look()).toEqual(blind);
    await write('epoch 2\n');
    expect(await eye.look()).toEqual(seen(1));
  });

  it('lets go of the log when it is closed, also while it is being opened', async () => {
    const { eye, logs } = setUp();
    const opening = eye.look();
    eye.close();
    await opening;
    expect(logs.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it('rests nine times as long as matching took, when that was long', async () => {
    const clock = new SlowClock();
    const { eye, write } = setUp('epoch', clock);
    await eye.look();
    await write('idle\nepoch 1\n');
    expect(clock.waiting).toEqual([6 * 9]);
    expect(await eye.look()).toEqual(seen(0));
    await clock.advance(6 * 9);
    expect(await eye.look()).toEqual(seen(1));
  });
});

/** Whatever is done takes 6 ms. */
class SlowClock extends FakeClock {
  #looks = 0;

  override monotonic(): number {
    return super.monotonic() + 6 * ++this.#looks;
  }
}
