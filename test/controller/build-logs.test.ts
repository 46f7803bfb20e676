import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { BuildLogs } from '../../src/controller/build-logs.js';
import { temporaryFolder } from '../helpers/git-repository.js';

function setUp() {
  const folder = temporaryFolder('build-logs');
  const logs = new BuildLogs(join(folder, 'builds'));
  onTestFinished(() => logs.close());
  return { folder, logs };
}

/** A file with the lowest free descriptor, as the next one that the daemon opens has. */
function openNext(path: string): number {
  const descriptor = openSync(path, 'wx');
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
}

it('of a build is left out where no file can be made', () => {
  const { folder, logs } = setUp();
  writeFileSync(join(folder, 'builds'), 'no folder');
  const log = logs.begin('web');
  log.write('Step 1/1 : FROM scratch');
  log.end();
  expect(() => logs.read('web', true)).toThrow('has no build log');
});

it('of a build that goes on after its module is gone is written nowhere', () => {
  const { folder, logs } = setUp();
  const log = logs.begin('web');
  logs.forget('web');
  const other = join(folder, 'database');
  openNext(other);
  log.write('Step 2/2 : RUN make');
  expect(readFileSync(other, 'utf8')).toBe('');
});

it('of a build that was given up does not mix with that of the next', async () => {
  const { logs } = setUp();
  const former = logs.begin('web');
  const next = logs.begin('web');
  former.write('former');
  next.write('next');
  former.end();
  next.write('more');
  expect(await text(logs.read('web', false))).toBe('next\nmore\n');
});

it('that nobody may write to any more fails no build', async () => {
  const { logs } = setUp();
  const log = logs.begin('web');
  log.write('early');
  logs.close();
  expect(() => log.write('late')).not.toThrow();
  log.end();
  expect(await text(logs.read('web', false))).toBe('early\n');
});

it('is let go by who leaves before reading', async () => {
  const { logs } = setUp();
  const log = logs.begin('web');
  log.write('early');
  const left = logs.read('web', true);
  left.destroy();
  await once(left, 'close');
  const reader = logs.read('web', true);
  log.write('late');
  log.end();
  expect(await text(reader)).toBe('early\nlate\n');
});

it('that somebody reads is the one that was there then', async () => {
  const { logs } = setUp();
  const former = logs.begin('web');
  former.write('former');
  former.end();
  const reader = logs.read('web', false);
  logs.begin('web').write('a longer line of the next');
  expect(await text(reader)).toBe('former\n');
});
