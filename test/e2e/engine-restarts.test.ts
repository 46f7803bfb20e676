import { describe, expect, it } from 'vitest';
import { aSite } from '../helpers/daemon.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { freePort } from '../helpers/free-port.js';
import { nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';
import { ownEngine, whyNoOwnEngine } from '../helpers/own-engine.js';
import type { OwnEngine } from '../helpers/own-engine.js';
import { rolloutsOf } from '../helpers/rollouts.js';
import type { Rollouts, Seen } from '../helpers/rollouts.js';

/** More than the exits in a row that a revision fails by. */
const RESTARTS = 2;

interface World {
  readonly engine: OwnEngine;
  readonly modules: Rollouts;
  readonly keepsRunning: boolean;
}

/** What goes on with a module while the engine is restarted. */
interface Scene {
  /** Also of the container that must not run beside the new one. */
  readonly exitCode: number;
  readonly order?: 'start-first' | 'stop-first';
}

/** Many programs end with 143 at a SIGTERM; an engine that comes up starts those by itself, and no others. */
const SCENES: readonly Scene[] = ([0, 143] as const).flatMap((exitCode) => [
  { exitCode },
  { exitCode, order: 'start-first' },
  { exitCode, order: 'stop-first' },
]);

async function specOf({ exitCode, order }: Scene): Promise<SpecInput> {
  const loop = `trap 'exit ${exitCode}' TERM; while :; do sleep 60 & wait $!; done`;
  const port = { name: 'web', containerPort: 8080, hostPort: await freePort() };
  return { command: ['sh', '-c', loop], ...(order === 'stop-first' && { ports: [port] }) };
}

/** Begins a rollout; it goes on for longer than the engine is up between two restarts. */
async function begin(name: string, { modules }: World): Promise<void> {
  const strategy = { minReadySeconds: 3 };
  await modules.change(name, { env: [{ name: 'WORD', value: 'two' }], strategy });
  await modules.until(name, 'the new container runs', ({ status }) =>
    status.containers.some(
      ({ revision, state }) => revision !== status.currentRevision && state === 'running',
    ),
  );
}

/** Until what has to run does, in the view of Registrar, and the engine may go again. */
async function up(name: string, started: string, { modules }: World): Promise<void> {
  await modules.until(name, 'its newest container runs again', ({ status }) =>
    status.containers.some(
      ({ revision, state, startedAt = '' }) =>
        revision === status.updatedRevision && state === 'running' && startedAt > started,
    ),
  );
}

interface Staged {
  readonly name: string;
  readonly scene: Scene;
  readonly old: { revision: string; containers: Seen[] };
}

async function stage(scene: Scene, world: World): Promise<Staged> {
  const name = nameOf(`${scene.order ?? 'converged'}-${scene.exitCode}`);
  const old = await world.modules.running(name, await specOf(scene));
  if (scene.order !== undefined) await begin(name, world);
  return { name, scene, old };
}

async function judge({ name, scene, old }: Staged, world: World): Promise<void> {
  const { modules, keepsRunning } = world;
  const isRollout = scene.order !== undefined;
  if (isRollout) await modules.untilRollout(name, 2, 'Complete');
  const { status } = await modules.untilReady(name);
  const revision = status.updatedRevision ?? '';
  expect(revision === old.revision).toBe(!isRollout);
  const restarts = keepsRunning ? 0 : RESTARTS;
  expect(status, name).toMatchObject({ phase: 'Running', currentRevision: revision, restarts });
  expect(status.quarantined, name).toBeUndefined();
  expect(status.containers, name).toMatchObject([{ restarts, failures: 0, ready: true }]);
  const containers = await modules.containers(name);
  expect(containers, name).toMatchObject([{ revision, state: 'running' }]);
  if (!isRollout) expect(containers[0]?.id).toBe(old.containers[0]?.id);
  if (!isRollout && keepsRunning) expect(containers).toEqual(old.containers);
  const receipts = await modules.receipts(name);
  const second = { ...{ number: 2, state: 'Complete', from: old.revision }, order: scene.order };
  const first = { number: 1, state: 'Complete', to: old.revision };
  expect(receipts, name).toMatchObject(isRollout ? [first, { ...second, to: revision }] : [first]);
  expect(receipts.at(-1)?.evidence).toBeUndefined();
}

async function aWorld(keepsRunning: boolean): Promise<World> {
  const engine = await ownEngine({ 'live-restore': keepsRunning });
  const site = aSite();
  await site.start();
  return { engine, keepsRunning, modules: rolloutsOf(site) };
}

const ENDS = [
  { how: 'is restarted', signal: 'SIGTERM', keepsRunning: false },
  { how: 'is killed', signal: 'SIGKILL', keepsRunning: false },
  { how: 'is restarted and keeps containers running', signal: 'SIGTERM', keepsRunning: true },
  { how: 'is killed and keeps containers running', signal: 'SIGKILL', keepsRunning: true },
] as const;

const problem = whyNoOwnEngine();

describe.skipIf(problem !== undefined)(`an engine of its own ${problem ?? ''}`, () => {
  it.each(ENDS)(
    'that $how, and again, ends no rollout and is held against nobody',
    async ({ signal, keepsRunning }) => {
      const world = await aWorld(keepsRunning);
      const staged = await Promise.all(SCENES.map((scene) => stage(scene, world)));
      for (let times = 0; times < RESTARTS; times += 1) {
        const ended = new Date().toISOString();
        await world.engine.end(signal);
        await world.engine.start();
        const since = keepsRunning ? '' : ended;
        await Promise.all(staged.map(({ name }) => up(name, since, world)));
      }
      await Promise.all(staged.map((one) => judge(one, world)));
    },
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'that ends (%s) between the stop of the old one and the start of the new one goes on with the new',
    async (signal) => {
      const engine = await ownEngine();
      const proxy = await engineProxy();
      const site = aSite();
      await site.start(['--docker-host', proxy.dockerHost]);
      const modules = rolloutsOf(site);
      const name = nameOf('between');
      const old = await modules.running(name, await specOf({ exitCode: 143, order: 'stop-first' }));
      const reached = proxy.holdNext(/^POST \S*\/containers\/\w+\/start/, 'request');
      await modules.change(name, { env: [{ name: 'WORD', value: 'two' }] });
      await reached;
      await engine.end(signal);
      await proxy.cut();
      await engine.start();
      await proxy.restore();
      const { status } = await modules.untilReady(name);
      const revision = status.updatedRevision ?? '';
      expect(revision).not.toBe(old.revision);
      expect(status.quarantined).toBeUndefined();
      expect(await modules.containers(name)).toMatchObject([{ revision, state: 'running' }]);
      const states = (await modules.receipts(name)).map(({ state }) => state);
      expect(states).toEqual(['Complete', 'Complete']);
    },
  );
});
