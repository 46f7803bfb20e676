import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BareContainers, SLEEP } from '../helpers/bare.js';
import { startBench } from '../helpers/bench-site.js';
import { dockerHost, SAMPLE_IMAGE } from '../helpers/engine.js';
import { inParallel, median, ms, printFigures, ratio, timed } from '../helpers/figures.js';

const ROUNDS = 5;
const MODULES = 20;
const AT_ONCE = [2, 4, 8, 20];

const names = (prefix: string): string[] =>
  Array.from({ length: MODULES }, (_, index) => `${prefix}-${index}`);

/** The same services for docker-compose; undefined where it is not installed. */
function compose(): { up: () => void; down: () => void } | undefined {
  try {
    execFileSync('docker-compose', ['version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'registrar-compose-'));
  const service = `
    image: ${SAMPLE_IMAGE}
    entrypoint: ${JSON.stringify(SLEEP)}
    user: "65532:65532"
    read_only: true
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
    mem_limit: 512m
    cpus: 1.0
    pids_limit: 256`;
  const services = names('svc').map((name) => `  ${name}:${service}`);
  writeFileSync(
    join(folder, 'docker-compose.yml'),
    `version: "2.4"\nservices:\n${services.join('\n')}\n`,
  );
  const env = { ...process.env, DOCKER_HOST: dockerHost() };
  const run = (...args: string[]): void => {
    execFileSync('docker-compose', ['-p', 'registrarbench', ...args], {
      cwd: folder,
      env,
      stdio: 'ignore',
    });
  };
  return {
    up: () => run('up', '-d'),
    down: () => {
      run('down', '-t', '0');
      rmSync(folder, { recursive: true });
    },
  };
}

it(`converges ${MODULES} modules`, async () => {
  const bench = await startBench();
  const bare = new BareContainers(bench.site);
  const figures: { registrar: number; bare: Map<number, number>; compose: number | undefined }[] =
    [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const registrar = await timed(() => bench.applyUntilReady(names('mod')));
    await bench.deleteUntilGone(names('mod'));
    const bareFigures = new Map<number, number>();
    for (const atOnce of AT_ONCE) {
      const figure = await timed(() => inParallel(names('bare'), atOnce, (name) => bare.run(name)));
      bareFigures.set(atOnce, figure);
      await bare.remove();
    }
    const services = compose();
    const composed = services && (await timed(() => Promise.resolve(services.up())));
    services?.down();
    // The first round warms up.
    if (round > 0) figures.push({ registrar, bare: bareFigures, compose: composed });
  }
  const best = (round: (typeof figures)[number]): number => Math.min(...round.bare.values());
  const registrar = median(figures.map((round) => round.registrar));
  const bareRows = AT_ONCE.map((atOnce) => [
    `bare, ${atOnce} at once`,
    ms(median(figures.map((round) => round.bare.get(atOnce) ?? Number.NaN))),
    ratio(median(figures.map((round) => round.registrar / (round.bare.get(atOnce) ?? Number.NaN)))),
  ]);
  const composed = figures.flatMap((round) => (round.compose === undefined ? [] : [round]));
  printFigures(`Converging ${MODULES} modules, median of ${ROUNDS} rounds`, [
    ['', 'time', 'registrar takes'],
    ['registrar', ms(registrar), ''],
    ...bareRows,
    [
      'bare, best of each round',
      ms(median(figures.map(best))),
      ratio(median(figures.map((round) => round.registrar / best(round)))),
    ],
    composed.length === 0
      ? ['docker-compose up -d', 'not installed', '']
      : [
          'docker-compose up -d',
          ms(median(composed.map((round) => round.compose ?? 0))),
          ratio(median(composed.map((round) => round.registrar / (round.compose ?? 0)))),
        ],
  ]);
  expect(figures).toHaveLength(ROUNDS);
});
