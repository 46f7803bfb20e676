import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../bin/lib/daemon-process.js';
import { createMetrics } from '../../src/lib/metrics.js';
import { aSite } from '../helpers/daemon.js';
import { docker, dockerHost } from '../helpers/engine.js';
import { blocksOf, codeOf, readPage, rowsOf, sectionOf } from '../helpers/markdown.js';
import { Reader, stepsOf } from '../helpers/reader.js';

const page = readPage('docs/operations.md');
const steps = stepsOf(page);

/** Starts and stops the daemon as systemd would, with the environment of the unit. */
const SYSTEMCTL = `#!/bin/sh
stop() { kill "$(cat "$HOME/pid")"; while kill -0 "$(cat "$HOME/pid")" 2>/dev/null; do sleep 0.1; done; }
start() {
  setsid registrar daemon >>"$HOME/log" 2>&1 </dev/null &
  echo $! >"$HOME/pid"
  until curl -fso /dev/null --unix-socket "$REGISTRAR_DATA_DIR/registrar.sock" http://localhost/readyz; do
    kill -0 "$(cat "$HOME/pid")" || { cat "$HOME/log"; exit 1; }
    sleep 0.1
  done
}
case "$1" in start) start ;; stop) stop ;; restart) stop && start ;; esac
`;

/** A machine after the installation, of which the folders of the page are below `home`. */
async function installed() {
  const home = mkdtempSync(join(tmpdir(), 'registrar-operations-'));
  const folders = {
    '/var/lib/registrar': join(home, 'data'),
    '/etc/registrar': join(home, 'config'),
    '/mnt/backup': join(home, 'backup'),
    '/opt/registrar': resolve('.'),
  };
  for (const name of ['bin', 'config', 'run']) mkdirSync(join(home, name));
  symlinkSync(resolve('bin/registrar'), join(home, 'bin/registrar'));
  writeFileSync(join(home, 'bin/systemctl'), SYSTEMCTL);
  chmodSync(join(home, 'bin/systemctl'), 0o755);
  const env = {
    ...{ PATH: `${join(home, 'bin')}:${process.env['PATH']}`, DOCKER_HOST: dockerHost() },
    REGISTRAR_DATA_DIR: folders['/var/lib/registrar'],
    REGISTRAR_CONFIG_DIR: folders['/etc/registrar'],
    REGISTRAR_PORT: String(await freePort(0)),
  };
  // Removes what the daemon made, when it has ended.
  const site = aSite({ dataDir: folders['/var/lib/registrar'] });
  const reader = new Reader({ home, env, ports: new Map(Object.entries(folders)) });
  onTestFinished(() => {
    try {
      process.kill(Number(readFileSync(join(home, 'pid'), 'utf8')), 'SIGKILL');
    } catch {
      // The page stops it in the end.
    }
  });
  return { reader, site, home };
}

test('docs/operations.md: what it says to type does what it says', async () => {
  const { reader, site, home } = await installed();
  await reader.follow({ commands: 'systemctl start registrar\n', shown: '' });
  for (const step of steps) await reader.follow(step);
  const instance = site.instanceId();
  const filters = { label: [`registrar.synapsis.network/instance=${instance}`] };
  expect(await site.containers()).toEqual([]);
  expect(await docker().listNetworks({ filters })).toEqual([]);
  expect((await docker().listVolumes({ filters })).Volumes).toEqual([]);
  expect(await docker().listImages({ filters })).toEqual([]);
  expect(readFileSync(join(home, 'log'), 'utf8')).not.toContain('"level":50');
}, 240_000);

test('docs/operations.md tells of metrics that exist', async () => {
  const metrics = createMetrics({
    ...{ queueDepth: () => 0, modules: () => [['Running', 1]], engineUp: () => true },
  });
  const text = await metrics.text();
  const monitoring = sectionOf(page, 'Monitoring');
  const told = rowsOf(monitoring).map(([name = '']) => name.replaceAll('`', ''));
  expect(told.filter((name) => !new RegExp(`^# TYPE ${name} `, 'm').test(text))).toEqual([]);
  const ours = [...text.matchAll(/^# TYPE (registrar_\w+) /gm)].map(([, name = '']) => name);
  expect(told).toEqual(expect.arrayContaining(ours));
  const rules = blocksOf(monitoring).find(({ language }) => language === 'yaml')?.text ?? '';
  const alerts =
    (parse(rules) as { groups: { rules: { expr: string }[] }[] }).groups[0]?.rules ?? [];
  const used = alerts.flatMap(({ expr }) => expr.match(/(?:registrar|nodejs|process)_\w+/g) ?? []);
  expect(used.filter((name) => !told.includes(name))).toEqual([]);
  expect(used.length).toBeGreaterThan(3);
});

test('docs/operations.md names codes and reasons that exist', () => {
  const named = rowsOf(sectionOf(page, 'When something is wrong'))
    .map(([symptom = '']) => codeOf(symptom))
    .flat()
    .filter((code) => /^[A-Z]\w+$/.test(code));
  const sources = ['src/model/errors.ts', 'src/controller/outcome.ts', 'src/model/rollout.ts'];
  const others = [
    'src/controller/restored.ts',
    'src/triggers/config/report.ts',
    'docs/secrets.md',
    'src/model/module-status.ts',
  ];
  const text = [...sources, ...others].map((path) => readFileSync(path, 'utf8')).join('\n');
  expect(named.filter((code) => !text.includes(code))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});
