import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ANY_REGISTRY, aSite, eventually, manifest } from '../helpers/daemon.js';
import { modulesOf, nameOf } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);

beforeAll(() => {
  site.declare('policy.yaml', ANY_REGISTRY);
  return site.start();
});

interface Following {
  /** Standard output so far. */
  text(): string;
  /** Resolves to the exit code when it ends by itself. */
  readonly ended: Promise<number | null>;
}

/** Starts a command that goes on until something ends it. */
function follow(...args: readonly string[]): Following {
  const command = [resolve('bin/registrar'), ...args, '--data-dir', site.dataDir];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { text: () => text, ended };
}

const talkative = {
  command: ['sh', '-c', 'trap "exit 0" TERM; echo hello; while :; do sleep 60 & wait $!; done'],
};

describe('registrar logs -f', () => {
  it('shows what is written, of all replicas, and ends when the module is deleted', async () => {
    const name = nameOf('web');
    await modules.create(name, { ...talkative, replicas: 2 });
    await modules.untilReady(name);
    const logs = follow('logs', '-f', name);
    await eventually(() => logs.text().split('\n').length === 3, 'both lines are there');
    expect(await site.cli(['delete', name])).toMatchObject({ code: 0 });
    expect(await logs.ended).toBe(0);
    expect(logs.text().split('\n').toSorted()).toEqual([
      '',
      `[${name}-0] hello`,
      `[${name}-1] hello`,
    ]);
  });
});

describe('registrar get -w', () => {
  it('shows each step of a life', async () => {
    const name = nameOf('web');
    const watch = follow('get', '-w', '--no-headers');
    const shows = (pattern: string) =>
      eventually(() => new RegExp(`^${name} .*${pattern}`, 'm').test(watch.text()), pattern);
    // It has begun when it shows a module that is made over and over.
    await eventually(async () => {
      await modules.create(nameOf('probe'), { suspend: true });
      return watch.text() !== '';
    }, 'it watches');
    await modules.create(name);
    await shows('Running +1/1');
    await modules.change(name, { suspend: true });
    await shows('Suspended +0/0');
    const steps = watch
      .text()
      .split('\n')
      .filter((line) => line.startsWith(name));
    const phases = steps.map((line) => line.split(/ +/)[3]);
    expect([...new Set(phases)]).toEqual(['Pending', 'Deploying', 'Running', 'Suspended']);
  });
});

describe('registrar wait', () => {
  it('ends with 1 when the time is over, in the words of kubectl', async () => {
    const name = nameOf('web');
    await modules.create(name, { suspend: true });
    const wait = ['wait', `module/${name}`, '--for=condition=Ready', '--timeout=1s'];
    const { code, stdout, stderr } = await site.cli(wait);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^error: timed out waiting for the condition on modules/${name}\\b`),
    );
  });
});

describe('registrar apply', () => {
  it('--wait fails with the reason when a module does not become ready', async () => {
    const name = nameOf('web');
    const text = manifest(name).replace(/image: .*/, 'image: 127.0.0.1:1/none:1');
    const { code, stdout, stderr } = await site.cli(
      ['apply', '-f', '-', '--wait', '--timeout=8s'],
      text,
    );
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: `module.registrar.synapsis.network/${name} created\n`,
    });
    expect(stderr).toContain(`modules/${name}`);
    // It is tried again and again: one or the other is so when the time is up.
    expect(stderr).toMatch(/(?:Cannot pull|Pulling) image "127\.0\.0\.1:1\/none:1"/);
  });

  it('--prune deletes what was applied with the label and is not in the manifests', async () => {
    const label = nameOf('set');
    const [one, two, other] = [nameOf('one'), nameOf('two'), nameOf('other')];
    const labelled = (name: string, value: string) =>
      manifest(name, '  replicas: 0\n').replace(/name: .*/, `$&\n  labels: { set: ${value} }`);
    const both = `${labelled(one, label)}---\n${labelled(two, label)}`;
    await site.cli(['apply', '-f', '-'], `${both}---\n${labelled(other, 'another')}`);
    const { code, stdout } = await site.cli(
      ['apply', '-f', '-', '--prune', '-l', `set=${label}`],
      labelled(one, label),
    );
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `module.registrar.synapsis.network/${one} unchanged`,
      `module.registrar.synapsis.network/${two} pruned`,
      '',
    ]);
    await eventually(async () => (await modules.find(two)) === undefined, 'it is gone');
    expect(await modules.find(other)).toBeDefined();
  });
});
