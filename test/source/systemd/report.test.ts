import { expect, test } from 'vitest';
import { reportTo } from '../../../src/source/systemd/report.js';
import type { News, ServiceManager } from '../../../src/source/systemd/service-manager.js';
import { FakeClock } from '../../helpers/fake-clock.js';

function aReport(watchdogMs?: number) {
  const told: News[] = [];
  const tell = async (news: News): Promise<void> => void told.push(news);
  const manager: ServiceManager = { watchdogMs, tell };
  const state = { isAlive: true, status: 'Serves' };
  const clock = new FakeClock();
  const begun = reportTo({
    ...{ manager, clock, status: () => state.status, isAlive: () => state.isAlive },
  });
  return { begun, clock, state, kinds: () => told.map(({ kind }) => kind), told };
}

test('says that it serves, then three times a limit that it lives, then that it ends', async () => {
  const { begun, clock, kinds } = aReport(30_000);
  const end = await begun;
  expect(kinds()).toEqual(['ready']);
  await clock.advance(30_000);
  expect(kinds()).toEqual(['ready', 'alive', 'alive', 'alive']);
  await end();
  await clock.advance(60_000);
  expect(kinds()).toEqual(['ready', 'alive', 'alive', 'alive', 'stopping']);
});

test('says nothing while it does not get on, and goes on once it does', async () => {
  const { begun, clock, state, kinds } = aReport(30_000);
  await begun;
  state.isAlive = false;
  await clock.advance(30_000);
  expect(kinds()).toEqual(['ready']);
  state.isAlive = true;
  await clock.advance(10_000);
  expect(kinds()).toEqual(['ready', 'alive']);
});

test('keeps the line for people fresh also where nobody watches', async () => {
  const { begun, clock, state, told } = aReport();
  await begun;
  state.status = 'Serves; engine: it does not answer';
  await clock.advance(30_000);
  expect(told.at(-1)).toEqual({ kind: 'alive', status: state.status });
});
