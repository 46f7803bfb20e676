import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/http.js';
import { listModules } from '../../src/client/modules.js';
import { findObject } from '../../src/client/objects.js';
import { MODULE_SET } from '../../src/model/kinds.js';
import type { ModuleSet } from '../../src/model/module-set.js';
import { ANY_REGISTRY, aSite, eventually, manifest } from '../helpers/daemon.js';
import type { DaemonProcess } from '../helpers/daemon.js';
import { SAMPLE_IMAGE } from '../helpers/engine.js';

const site = aSite({ atEnd: afterAll });
let daemon: DaemonProcess;

beforeAll(async () => {
  site.declare('policy.yaml', ANY_REGISTRY);
  daemon = await site.start();
});

const setText = (name: string, spec: string): string => `apiVersion: registrar.synapsis.network/v1
kind: ModuleSet
metadata: { name: ${name} }
spec:
${spec}`;

/** What the modules of a set run; a note of their own tells which template they have. */
const template = (note: string, more = ''): string => `  template:
    metadata: { annotations: { note: '${note}', me: '\${name}' } }
    spec:
      version: 1.0.0
      type: miner
      license: MIT
      image: ${SAMPLE_IMAGE}
      env: [{ name: ME, value: '\${name}' }, { name: NOTE, value: '${note}' }]
      resources: { memory: 16Mi, cpus: '0.1', pids: 16 }
      strategy: { minReadySeconds: 0 }
${more}`;

const BAD = '      command: [/no/such/program]\n';

/** Five modules one after the other take a while where much else is done. */
const LONG_MS = 240_000;

const FIVE = `  instances: [{ name: a }, { name: b }, { name: c }, { name: d }, { name: e }]\n`;

const socketPath = join(site.dataDir, 'registrar.sock');
const address = { url: `unix://${socketPath}`, target: { socketPath }, token: undefined };
const client = createClient(address, () => undefined);

const findSet = (name: string) =>
  findObject(client, MODULE_SET, name) as Promise<object | undefined> as Promise<
    ModuleSet | undefined
  >;

/** The modules of a set: name, note of the template, and how many containers are ready, if it is known. */
async function modulesOf(set: string): Promise<string[][]> {
  const labelSelector = `registrar.synapsis.network/set=${set}`;
  const { items } = await listModules(client, { labelSelector });
  return items.map(({ metadata, status }) => [
    ...[metadata.name, metadata.annotations?.['note'] ?? ''],
    status.phase === 'Unknown' ? 'unknown' : `${status.readyReplicas} ready`,
  ]);
}

const progressOf = ({ status, metadata }: ModuleSet): string | undefined =>
  status.observedGeneration === metadata.generation
    ? status.conditions.find(({ type }) => type === 'Progressing')?.reason
    : undefined;

const comesTo = (set: string, reason: string): Promise<void> =>
  eventually(async () => {
    const found = await findSet(set);
    return found !== undefined && progressOf(found) === reason;
  }, `${set} is ${reason}`);

async function apply(text: string): Promise<void> {
  const { code, stderr } = await site.cli(['apply', '-f', '-'], text);
  expect([code, stderr]).toEqual([0, '']);
}

describe('a set of five', () => {
  it('runs five containers with values of their own', async () => {
    await apply(setText('five', FIVE + template('one')));
    await comesTo('five', 'Converged');
    const running = (await site.containers()).filter(({ module }) => module.startsWith('five-'));
    expect(running.map(({ module, state }) => `${module} ${state}`).toSorted()).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => `five-${name} running`),
    );
    const { stdout } = await site.cli(['get', 'mset', 'five', '--no-headers']);
    expect(stdout).toMatch(/^five +5\/5 +5\/5 +Converged/);
  });

  it('leaves the change and deletion of its modules to itself', async () => {
    for (const command of [
      ['delete', 'five-a'],
      ['scale', 'five-a', '--replicas', '0'],
      ['suspend', 'five-a'],
    ]) {
      const { code, stderr } = await site.cli(command);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining('is stamped by ModuleSet "five"'),
      ]);
    }
  });

  it(
    'brings a change to one after the other, also when the daemon dies in between',
    async () => {
      const rollout = '  rollout: { bakeSeconds: 2 }\n';
      await apply(setText('five', FIVE + template('two') + rollout));
      for (let count = 1; count <= 5; count += 1) {
        await eventually(async () => {
          const modules = await modulesOf('five');
          const changed = modules.filter(([, note]) => note === 'two');
          // A daemon that just started has not seen the engine yet.
          const down = modules.filter(([, , ready]) => ready === '0 ready');
          expect(down.length, JSON.stringify(modules)).toBeLessThanOrEqual(1);
          expect(changed.length).toBeLessThanOrEqual(count);
          return changed.length === count;
        }, `${count} are changed`);
        if (count !== 2) continue;
        await daemon.end('SIGKILL');
        daemon = await site.start();
      }
      await comesTo('five', 'Converged');
    },
    LONG_MS,
  );

  it(
    'stops after the first when the change is bad, and goes on when it is corrected',
    async () => {
      const before = await modulesOf('five');
      await apply(setText('five', FIVE + template('bad', BAD)));
      await comesTo('five', 'RolloutStopped');
      const after = await modulesOf('five');
      expect(after.filter(([, note]) => note === 'bad').map(([name]) => name)).toEqual(['five-a']);
      expect(after.slice(1)).toEqual(before.slice(1));
      const described = await site.cli(['describe', 'mset/five']);
      expect(described.stdout).toContain(
        '4 modules stay as before: correct the template or set it back',
      );
      await apply(setText('five', FIVE + template('three')));
      await comesTo('five', 'Converged');
      expect((await modulesOf('five')).every(([, note]) => note === 'three')).toBe(true);
    },
    LONG_MS,
  );

  it('takes its modules with it', async () => {
    const { code } = await site.cli(['delete', 'mset', 'five']);
    expect(code).toBe(0);
    await eventually(async () => (await findSet('five')) === undefined, 'it is gone');
    expect(await modulesOf('five')).toEqual([]);
    expect((await site.containers()).filter(({ module }) => module.startsWith('five-'))).toEqual(
      [],
    );
  });
});

describe('a set that counts', () => {
  it('grows and shrinks, and leaves a module of the name alone that is not its own', async () => {
    await apply(manifest('many-2'));
    await apply(setText('many', '  replicas: 2\n' + template('one')));
    await comesTo('many', 'Converged');
    const before = await site.containers();
    expect((await site.cli(['scale', 'mset/many', '--replicas', '4'])).stdout).toBe(
      'moduleset.registrar.synapsis.network/many scaled\n',
    );
    await comesTo('many', 'NameConflict');
    await eventually(async () => (await modulesOf('many')).length === 3, 'the others are made');
    await site.cli(['scale', 'mset/many', '--replicas', '1']);
    await comesTo('many', 'Converged');
    const left = (await site.containers()).filter(({ module }) => module.startsWith('many-'));
    const kept = before.filter(({ module }) => module === 'many-0' || module === 'many-2');
    expect(left.map(({ id }) => id).toSorted()).toEqual(kept.map(({ id }) => id).toSorted());
  });
});

describe('a set in a file', () => {
  it('is that of its file, and goes with it', async () => {
    site.declare('set.yaml', setText('filed', '  replicas: 2\n' + template('one')));
    await eventually(async () => (await modulesOf('filed')).length === 2, 'both are made');
    await comesTo('filed', 'Converged');
    const { code, stderr } = await site.cli(['scale', 'mset/filed', '--replicas', '1']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('file "set.yaml"')]);
    site.declare('set.yaml', setText('filed', '  replicas: 1\n' + template('one')));
    await eventually(async () => (await modulesOf('filed')).length === 1, 'one is left');
    site.declare('set.yaml', manifest('instead'));
    await eventually(async () => (await modulesOf('filed')).length === 0, 'none is left');
  });
});
