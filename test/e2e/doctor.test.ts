import { expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';

it('doctor finds nothing wrong where a daemon serves, and what is wrong once something is', async () => {
  const site = aSite();
  await site.start();
  const doctor = (...flags: string[]) =>
    site.cli(['doctor', '--config-dir', site.configDir, ...flags]);
  const well = await doctor();
  expect(well).toMatchObject({ code: 0 });
  expect(well.stdout).not.toMatch(/^(?:warning|PROBLEM|not checked)/m);
  expect(well.stdout).toMatch(/^ok +daemon +it serves, and is ready$/m);
  site.declare('bad.yaml', 'kind: Module\n');
  const found = await doctor('-o', 'json', '--docker-host', 'unix:///nowhere/docker.sock');
  expect(found.code).toBe(1);
  const problems = (JSON.parse(found.stdout) as { id: string; state: string }[])
    .filter(({ state }) => state === 'problem')
    .map(({ id }) => id);
  expect(problems).toEqual(['engine', 'config']);
});
