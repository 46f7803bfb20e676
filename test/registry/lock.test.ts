import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.js';
import { openRegistry } from '../../src/registry/open.js';
import { compiled } from '../helpers/compiled.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';
import { kill, nextLine, restOf, startHolder } from './holding.js';

const HOLDER = await compiled('test/registry/holder.ts');

test('a second process is refused with the id of the first', async () => {
  const { dataDir } = await openTempRegistry();
  const line = await nextLine(startHolder(HOLDER, dataDir));
  expect(line).toContain('DATA_DIR_LOCKED');
  expect(line).toContain(`process id ${process.pid}, started 20`);
  expect(line).toContain('--data-dir');
});

test('a second registry in the same process is refused, and the first keeps the lock', async () => {
  const { dataDir } = await openTempRegistry();
  const second = openRegistry({ dataDir, clock: systemClock });
  await expect(second).rejects.toMatchObject({ code: 'DATA_DIR_LOCKED' });
  expect(await nextLine(startHolder(HOLDER, dataDir))).toContain('DATA_DIR_LOCKED');
});

test('a lock that cannot be announced is given back', async () => {
  const dataDir = tempDataDir();
  mkdirSync(join(dataDir, 'lock.json', 'in-the-way'), { recursive: true });
  await expect(openRegistry({ dataDir, clock: systemClock })).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
  });
  rmSync(join(dataDir, 'lock.json'), { recursive: true });
  expect(await nextLine(startHolder(HOLDER, dataDir))).toBe('open');
});

test('a database file that cannot be made gives the lock back', async () => {
  const dataDir = tempDataDir();
  symlinkSync('nowhere/registrar.db', join(dataDir, 'registrar.db'));
  await expect(openRegistry({ dataDir, clock: systemClock })).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
  });
  rmSync(join(dataDir, 'registrar.db'));
  expect(await nextLine(startHolder(HOLDER, dataDir))).toBe('open');
});

test('the data directory is free once the registry is closed', async () => {
  const temp = await openTempRegistry();
  await temp.close();
  expect(existsSync(join(temp.dataDir, 'lock.json'))).toBe(false);
  expect(await nextLine(startHolder(HOLDER, temp.dataDir))).toBe('open');
});

test('the data directory is free at once after the holder is killed', async () => {
  const dataDir = tempDataDir();
  const holder = startHolder(HOLDER, dataDir);
  expect(await nextLine(holder)).toBe('open');
  await expect(openRegistry({ dataDir, clock: systemClock })).rejects.toMatchObject({
    code: 'DATA_DIR_LOCKED',
    message: expect.stringContaining(`process id ${holder.process.pid}`) as unknown,
  });
  await kill(holder);
  const { registry } = await openTempRegistry({ dataDir });
  expect(registry.list('Module').items).toEqual([]);
});

test('what was acknowledged before a kill is there after it', async () => {
  const dataDir = tempDataDir();
  const holder = startHolder(HOLDER, dataDir, 8);
  expect(await nextLine(holder)).toBe('open');
  const acknowledged: string[] = [];
  while (acknowledged.length < 200) acknowledged.push(await nextLine(holder));
  await kill(holder);
  acknowledged.push(...(await restOf(holder)));

  const { registry } = await openTempRegistry({ dataDir });
  const stored = new Set(registry.list('Module').items.map(({ object }) => object.metadata.name));
  expect(acknowledged.filter((name) => !stored.has(name))).toEqual([]);
  expect(Number(registry.resourceVersion)).toBe(stored.size);
  // Each of the eight writers has at most one write whose answer the kill cut off.
  expect(stored.size - acknowledged.length).toBeLessThanOrEqual(8);
});
