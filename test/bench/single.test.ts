import { expect, it } from 'vitest';
import { BareContainers } from '../helpers/bare.js';
import { startBench } from '../helpers/bench-site.js';
import { docker } from '../helpers/engine.js';
import { median, ms, printFigures, ratio, timed } from '../helpers/figures.js';

const ROUNDS = 15;

it('brings up one module, and brings back a container that was removed by hand', async () => {
  const bench = await startBench();
  const bare = new BareContainers(bench.site);
  const rounds: { apply: number; bare: number; repair: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const apply = await timed(() => bench.applyUntilReady(['one']));
    const made = await timed(() => bare.run('bare-one'));
    await bare.remove();
    const repair = await removeAndWait(bench.site.instanceId());
    await bench.deleteUntilGone(['one']);
    if (round > 0) rounds.push({ apply, bare: made, repair });
  }
  const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
  printFigures(`One module, median of ${ROUNDS} rounds`, [
    ['', 'time', 'against bare'],
    ['bare create and start', ms(of((round) => round.bare)), ''],
    [
      'apply until Ready',
      ms(of((round) => round.apply)),
      ratio(of((round) => round.apply / round.bare)),
    ],
    [
      'removed by hand until running',
      ms(of((round) => round.repair)),
      `+ ${ms(of((round) => round.repair - round.bare))}`,
    ],
  ]);
  expect(rounds).toHaveLength(ROUNDS);
});

/** Time from the end of a removal by hand to the start of the next container, by the engine. */
async function removeAndWait(instance: string): Promise<number> {
  const engine = docker();
  const label = [
    `registrar.synapsis.network/instance=${instance}`,
    'registrar.synapsis.network/module=one',
  ];
  const [container] = await engine.listContainers({ filters: { label } });
  const events = await engine.getEvents({
    filters: { type: ['container'], event: ['destroy', 'start'], label },
  });
  const times = new Map<string, number>();
  const started = new Promise<void>((resolve) => {
    events.on('data', (line: Buffer) => {
      for (const text of line.toString().split('\n').filter(Boolean)) {
        const event = JSON.parse(text) as { Action: string; timeNano: number };
        times.set(event.Action, event.timeNano / 1e6);
        if (event.Action === 'start') resolve();
      }
    });
  });
  await engine.getContainer(container?.Id ?? '').remove({ force: true });
  await started;
  (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
  return (times.get('start') ?? Number.NaN) - (times.get('destroy') ?? Number.NaN);
}
