import { describe, expect, it } from 'vitest';
import { Snapshots } from '../../../src/api/resources/snapshots.js';
import { FakeClock } from '../../helpers/fake-clock.js';

const listAt = (resourceVersion: string) => ({ items: [], resourceVersion });

describe('lists that were begun', () => {
  it('are known for five minutes after each look', async () => {
    const clock = new FakeClock();
    const snapshots = new Snapshots(clock);
    const list = listAt('7');
    snapshots.keep(list);
    await clock.advance(4 * 60_000);
    expect(snapshots.at('7')).toBe(list);
    snapshots.keep(list);
    await clock.advance(4 * 60_000);
    expect(snapshots.at('7')).toBe(list);
    await clock.advance(60_000);
    expect(() => snapshots.at('7')).toThrow('no longer known');
  });

  it('are of one version', () => {
    const snapshots = new Snapshots(new FakeClock());
    snapshots.keep(listAt('7'));
    expect(() => snapshots.at('8')).toThrow('no longer known');
  });

  it('are not more than sixteen', () => {
    const snapshots = new Snapshots(new FakeClock());
    for (let version = 1; version <= 17; version += 1) {
      snapshots.keep(listAt(String(version)));
    }
    expect(() => snapshots.at('1')).toThrow('no longer known');
    expect(snapshots.at('2').resourceVersion).toBe('2');
  });
});
