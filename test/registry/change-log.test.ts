import { expect, test } from 'vitest';
import { ChangeLog } from '../../src/registry/change-log.js';
import type { Change } from '../../src/registry/registry.js';
import { fromJson } from '../../src/registry/stored.js';

/** A change whose object is so many characters of JSON. */
function aChange(version: number, characters = 10): Change {
  return {
    ...{ type: 'MODIFIED', kind: 'Module', name: 'echo', resourceVersion: String(version) },
    ...{ stored: fromJson(JSON.stringify('x'.repeat(characters - 2))), previous: undefined },
  };
}

function fill(log: ChangeLog, count: number, characters?: number): void {
  for (let i = 0; i < count; i += 1) log.append(aChange(log.counter + 1, characters));
}

test('cut() waits for a tenth more than the limit, then leaves the limit', () => {
  const log = new ChangeLog(20, 100, []);
  fill(log, 22);
  expect(log.cut()).toBeUndefined();
  fill(log, 1);
  expect(log.cut()).toBe(103);
  log.drop(103);
  expect(log.length).toBe(20);
  expect(log.cut()).toBeUndefined();
  expect(log.after('103').map(({ resourceVersion }) => resourceVersion)[0]).toBe('104');
  expect(() => log.after('102')).toThrow('too old resource version: 102 (103)');
});

test('cut() bounds the log also when few changes are large', () => {
  const log = new ChangeLog(5000, 0, []);
  fill(log, 63, 1024 * 1024);
  expect(log.cut()).toBeUndefined();
  fill(log, 2, 1024 * 1024);
  const cut = log.cut();
  expect(cut).toBe(8);
  log.drop(8);
  expect(log.length).toBe(57);
  expect(log.cut()).toBeUndefined();
});

test('an empty log still knows the counter', () => {
  const log = new ChangeLog(20, 7, []);
  expect(log.after('7')).toEqual([]);
  expect(() => log.after('6')).toThrow('too old');
  expect(() => log.after('8')).toThrow('Too large');
});

test('changes that do not lead up to the counter are not used', () => {
  expect(new ChangeLog(20, 3, [aChange(2), aChange(3)]).length).toBe(2);
  expect(new ChangeLog(20, 4, [aChange(2), aChange(3)]).length).toBe(0);
  expect(new ChangeLog(20, 3, [aChange(1), aChange(3)]).length).toBe(0);
});
