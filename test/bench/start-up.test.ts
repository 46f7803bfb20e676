import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { startBench } from '../helpers/bench-site.js';
import { median, ms, printFigures, ratio, timed } from '../helpers/figures.js';

const ROUNDS = 21;

it('answers `registrar get`, from start to end', async () => {
  const { site } = await startBench();
  const env = { ...process.env, REGISTRAR_DATA_DIR: site.dataDir };
  const run = (...args: string[]): Promise<number> =>
    timed(async () => execFileSync(process.execPath, args, { env, stdio: 'ignore' }));
  const rounds: { bare: number; get: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = await run('-e', '0');
    const get = await run('bin/registrar', 'get');
    if (round > 0) rounds.push({ bare, get });
  }
  const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
  printFigures(`Start to end of a command, median of ${ROUNDS} rounds`, [
    ['', 'time', 'more than bare', ''],
    ['node -e 0', ms(of(({ bare }) => bare)), '', ''],
    [
      'registrar get',
      ms(of(({ get }) => get)),
      ms(of(({ get, bare }) => get - bare)),
      ratio(of(({ get, bare }) => get / bare)),
    ],
  ]);
  expect(rounds).toHaveLength(ROUNDS);
});
