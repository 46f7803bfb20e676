import { describe, expect, it } from 'vitest';
import { Throttle } from '../../../src/api/access/throttle.js';
import { FakeClock } from '../../helpers/fake-clock.js';

const failTimes = (throttle: Throttle, times: number, address = 'a'): (number | undefined)[] =>
  Array.from({ length: times }, () => throttle.fail(address));

describe('Throttle', () => {
  it('says how long to wait after ten failures', async () => {
    const clock = new FakeClock();
    const throttle = new Throttle(clock);
    expect(failTimes(throttle, 10)).toEqual(Array(10).fill(undefined));
    await clock.advance(20_500);
    expect(throttle.fail('a')).toBe(40);
  });

  it('counts each address by itself', () => {
    const throttle = new Throttle(new FakeClock());
    failTimes(throttle, 11);
    expect(throttle.fail('b')).toBeUndefined();
  });

  it('begins anew after a minute', async () => {
    const clock = new FakeClock();
    const throttle = new Throttle(clock);
    failTimes(throttle, 20);
    await clock.advance(60_000);
    expect(throttle.fail('a')).toBeUndefined();
  });

  it('forgets the address that was quiet for longest when there are too many', () => {
    const throttle = new Throttle(new FakeClock());
    failTimes(throttle, 11, 'first');
    for (let index = 0; index < 999; index += 1) throttle.fail(`address-${index}`);
    expect(throttle.fail('first')).toBeDefined();
    for (let index = 0; index < 1000; index += 1) throttle.fail(`other-${index}`);
    expect(throttle.fail('first')).toBeUndefined();
  });
});
